"""Several things measured in turns."""


def interleave(measurements, rounds, say):
    """Calls each of `measurements` (name → function) once a round, forwards and backwards in turns, and gives name → list of what
    they returned. A first round does not count."""
    taken = {name: [] for name in measurements}
    for number in range(rounds + 1):
        for name in list(measurements)[::1 if number % 2 else -1]:
            say(f"{'warm-up' if number == 0 else f'round {number} of {rounds}'}: {name}")
            result = measurements[name]()
            if number > 0:
                taken[name].append(result)
    return taken
