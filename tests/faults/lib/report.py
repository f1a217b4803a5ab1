"""A line for each fault, and the table of all."""

from __future__ import annotations

from stage import Fault, Sheet

_HEADINGS = ("fault", "sent", "acknowledged", "received", "duplicated", "lost", "time to recover", "bound", "closing")


def line(fault: Fault, sheet: Sheet) -> str:
    seen = sheet.account
    parts = [f"sent {seen.sent}", f"acknowledged {seen.acknowledged}", f"received {seen.received}", f"duplicated {seen.duplicated}",
             f"lost {len(seen.lost)}", f"recovered in {_seconds(sheet.recovery_s)} (bound {_seconds(sheet.bound_s)})",
             f"closed in {_seconds(sheet.closing_s)}", *sheet.notes]
    return f"{'FAIL ' if sheet.wrongs else 'ok   '}{fault.name}: {', '.join(parts)}" + "".join(f"\n     {wrong}" for wrong in sheet.wrongs)


def table(rows: list[tuple[Fault, Sheet]]) -> str:
    lines = [f"| {' | '.join(_HEADINGS)} |", "|---" + "|---:" * (len(_HEADINGS) - 1) + "|"]
    for fault, sheet in rows:
        seen = sheet.account
        cells = [fault.title, *map(_thousands, (seen.sent, seen.acknowledged, seen.received, seen.duplicated, len(seen.lost))),
                 _seconds(sheet.recovery_s), _seconds(sheet.bound_s), _seconds(sheet.closing_s)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _thousands(number: int) -> str:
    return f"{number:,}"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f} s" if value < 10 else f"{value:.0f} s"
