"""The rows of the table. Each module measures one idea: `measure(context, wanted)` gives the figures of those of its rows (ROWS) that
are wanted."""
from . import allocations, chain, idle, latency, outage, sizes, spool, start, throughput

MODULES = (throughput, chain, outage, start, latency, allocations, sizes, idle, spool)
NAMES = tuple(row for module in MODULES for row in module.ROWS)
