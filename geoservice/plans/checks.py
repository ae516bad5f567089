"""What a question must be (pure)."""

from geoservice.errors import InputError, UnknownNameError
from geoservice.plans.goals import GOALS
from geoservice.plans.questions import MOST_INCIDENTS, PlanQuestion


def check_question(question: PlanQuestion) -> None:
    """Refuse half a place, alternatives that there are not, and too many incidents.

    Raises
    ------
    UnknownNameError, InputError
        With the field and what would be right.
    """
    if (question.lon is None) != (question.lat is None):
        raise InputError(
            "lon and lat go together", zh="lon 与 lat 须同时给出",
            where="lat" if question.lat is None else "lon",
        )  # fmt: skip
    for name in question.alternatives:
        if name not in GOALS:
            raise UnknownNameError(
                f"alternative {name!r} is not known; there are: {', '.join(GOALS)}",
                zh=f"方案 {name!r} 无法识别；可用：{'、'.join(GOALS)}",
                where="alternatives",
            )
    if len(set(question.incident_ids)) > MOST_INCIDENTS:
        raise InputError(
            f"{len(set(question.incident_ids))} incidents: at most {MOST_INCIDENTS} together",
            zh=f"{len(set(question.incident_ids))} 起事件：一次至多 {MOST_INCIDENTS} 起",
            where="incident_ids",
        )
    if question.all_open and question.incident_ids:
        raise InputError(
            "either incident_ids or all_open: not both",
            zh="incident_ids 与 all_open 只能给出一种",
            where="all_open",
        )
