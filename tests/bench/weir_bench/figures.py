"""A figure, the bar it is held against, and how figures are made of several rounds."""
import dataclasses
import statistics


@dataclasses.dataclass(frozen=True)
class Bar:
    """`least` or `most`, in the figure's unit; never both."""
    least: float = None
    most: float = None

    def is_met(self, value):
        return value >= self.least if self.least is not None else value <= self.most

    def text(self, number):
        return f"≥ {number(self.least)}" if self.least is not None else f"≤ {number(self.most)}"


@dataclasses.dataclass(frozen=True)
class Figure:
    """One line of the table. `values` are those of the rounds, of which `value` is the median."""
    row: str
    broker: str  # mock, real, or "-" where there is none
    what: str
    unit: str  # how report.py writes the number; see there
    values: tuple
    bar: Bar = None

    @property
    def value(self):
        return statistics.median(self.values)

    @property
    def is_met(self):
        return None if self.bar is None else self.bar.is_met(self.value)


def ratios(some, others):
    """Round by round: what both met at about the same moment cancels out."""
    return tuple(one / other for one, other in zip(some, others))


def differences(some, others):
    return tuple(one - other for one, other in zip(some, others))
