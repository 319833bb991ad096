"""What a reader raises when a string is no crystal or molecule."""

from tools.generation.schema import Loss, Reason, Stage


class Lost(Exception):
    """A sample that left the funnel."""

    def __init__(self, reason: Reason, detail: str = "", stage: Stage = Stage.PARSED) -> None:
        super().__init__(f"{reason}: {detail}")
        self.loss = Loss(stage=stage, reason=reason, detail=detail[:MOST_DETAIL])


MOST_DETAIL = 200


def lost_in_typing(reason: Reason, detail: str) -> Lost:
    return Lost(reason, detail, Stage.TYPED)
