"""What stands beside the weights: what the model is, what it was trained on and where it does not apply."""

from pydantic import Field

from tools.generation.schema import SampleForm, SampleKind
from tools.strict import Strict


class TransformerShape(Strict):
    """Sizes of the transformer."""

    vocabulary: int = Field(ge=2)
    width: int = Field(ge=8, description="channels of the stream")
    layers: int = Field(ge=1)
    heads: int = Field(ge=1)
    length: int = Field(ge=4, description="most tokens of a sequence, with its begin and end")


class TrainingRecord(Strict):
    """How the training went."""

    command: str
    seed: int
    minutes: float = Field(description="processor time of the training, on one thread")
    epochs: float
    rows: int = Field(description="strings trained on")
    held_out_rows: int
    loss: float = Field(
        description="cross-entropy a token on the held-out strings, nats, of the stored weights"
    )
    train_loss: float = Field(description="of the last epoch, with dropout, nats a token")
    torch_version: str
    curve: tuple[tuple[float, float], ...] = Field(
        description="minutes, held-out loss of the averaged weights"
    )


class CheckpointCard(Strict):
    """One checkpoint's card, a YAML file beside it."""

    name: str
    version: str
    kind: SampleKind
    form: SampleForm
    tokens: str = Field(description="name of the tokenisation")
    data: str = Field(description="what it was trained on, with source and licence")
    data_sha256: str = Field(description="of the data file as read")
    weights_sha256: str
    shape: TransformerShape
    vocabulary: tuple[str, ...]
    temperature: float = Field(
        default=1.0,
        gt=0,
        le=2,
        description="by which logits are divided when it writes; chosen on its own data",
    )
    fit: TrainingRecord
    does_not_apply: tuple[str, ...] = Field(min_length=1)
