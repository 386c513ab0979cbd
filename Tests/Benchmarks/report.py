"""What a benchmark says: rows, their verdicts, and the table or JSON that they are printed as.

Pure functions; they raise nothing for rows that hold what Row declares. Used by rows.py and bench.py.
"""

import dataclasses
import json


@dataclasses.dataclass
class Row:
    """One line of the table. `figures` has the plain numbers, for JSON; `met` is met, must, no or –."""

    id: str
    what: str
    measured: str = "not run"
    beside: str = ""
    ratio: float | None = None
    target: str = ""
    met: str = "–"
    notes: list = dataclasses.field(default_factory=list)
    figures: dict = dataclasses.field(default_factory=dict)
    failed: bool = False


def verdict(good, acceptable=None):
    """met when the target is, must when only the requirement behind it is."""
    return "met" if good else "must" if acceptable else "no"


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def percentile(values, share):
    """Nearest rank: the smallest value that `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 1000) // 1000) - 1)]


def spread(values, unit):
    """The median with the lowest and the highest of the runs."""
    return f"{median(values):,.0f} {unit} ({min(values):,.0f}–{max(values):,.0f})"


def milliseconds(nanoseconds):
    return nanoseconds / 1e6


def megabytes(kilobytes):
    return kilobytes / 1000 * 1.024


def table(rows):
    heads = ("id", "what", "measured", "beside it, same run", "ratio", "target", "met")
    cells = [(r.id, r.what, r.measured, r.beside, "" if r.ratio is None else f"{r.ratio:.2f}", r.target, r.met)
             for r in rows]
    widths = [max(len(line[i]) for line in [heads, *cells]) for i in range(len(heads))]

    def line(parts):
        return "  ".join(part.ljust(width) for part, width in zip(parts, widths)).rstrip()

    lines = [line(heads), line(["-" * width for width in widths]), *map(line, cells)]
    lines += ["", "met: the target is met; must: only what must be; no: neither; –: nothing to judge"]
    lines += [f"{row.id}: {note}" for row in rows for note in row.notes]
    return "\n".join(lines)


def document(machine, rows):
    content = {"machine": machine, "rows": [dataclasses.asdict(row) for row in rows]}
    return json.dumps(content, indent=2, ensure_ascii=False)
