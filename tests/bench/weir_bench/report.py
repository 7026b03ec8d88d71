"""Figures as a table for the terminal, as JSON, and as Markdown made of that JSON."""
import json
import pathlib

from .figures import Bar, Figure

NUMBERS = {
    "count": lambda value: f"{value:,.0f}",
    "seconds": lambda value: f"{value:.2f}",
    "ms": lambda value: f"{value:.1f} ms",
    "fine_ms": lambda value: f"{value:.2f} ms",
    "ns": lambda value: f"{value:,.0f} ns" if abs(value) >= 100 else f"{value:.2f} ns",
    "MB": lambda value: f"{value:.1f} MB",
    "ratio": lambda value: f"{value:.2f}",
    "fraction": lambda value: f"{value:.3f}",
}
VERDICTS = {None: "", True: "met", False: "NOT MET"}


def spread(figure):
    number = NUMBERS[figure.unit]
    low, high = number(min(figure.values)), number(max(figure.values))
    return "" if low == high else f"{low} … {high}"


def cells(figure):
    number = NUMBERS[figure.unit]
    return (figure.row, figure.broker, figure.what, number(figure.value), spread(figure), figure.bar.text(number) if figure.bar else "",
            VERDICTS[figure.is_met])


HEADINGS = ("row", "broker", "what", "median", "rounds", "bar", "")


def table(figures):
    rows = [HEADINGS] + [cells(figure) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = []
    for number, row in enumerate(rows):
        if number > 0 and row[:2] != rows[number - 1][:2]:
            lines.append("")
        lines.append("  ".join(cell.rjust(width) if column in (3, 5) else cell.ljust(width)
                               for column, (cell, width) in enumerate(zip(row, widths))).rstrip())
    return "\n".join(lines)


def to_json(figures, scale, facts):
    """Everything, so that another program need not read the table."""
    return {"machine": facts, "scale": scale,
            "figures": [{"row": figure.row, "broker": figure.broker, "what": figure.what, "unit": figure.unit, "value": figure.value,
                         "values": list(figure.values), "bar": vars(figure.bar) if figure.bar else None, "met": figure.is_met} for figure in figures]}


def from_json(document):
    return [Figure(one["row"], one["broker"], one["what"], one["unit"], tuple(one["values"]), Bar(**one["bar"]) if one["bar"] else None)
            for one in document["figures"]]


def markdown(document):
    facts, scale = document["machine"], document["scale"]
    lines = [f"{facts['processor']}, {facts['cores']} cores, {facts['memory_gib']} GiB, {facts['system']}, kernel {facts['kernel']}; commit {facts['commit']}. "
             f"{scale['events']:,} events, {scale['rounds']} rounds after a warm-up; load {facts['load_before']} before.", "",
             "| Row | Broker | What | Median | Rounds | Bar | |", "|---|---|---|---:|---|---:|---|"]
    lines += ["| " + " | ".join(cells(figure)) + " |" for figure in from_json(document)]
    return "\n".join(lines) + "\n"


BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->\n"


def put_into(page, text):
    """Replaces what stands between the two marks of a page."""
    path = pathlib.Path(page)
    before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} has no place for figures: {BEGIN.strip()} … {END.strip()}")
    path.write_text(before + begin + text + end + after, encoding="utf-8")


def write(path, document):
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1) + "\n")


def read(path):
    return json.loads(pathlib.Path(path).read_text())
