"""What a job will take, before anything is paid for."""

from collections.abc import Sequence

from pydantic import Field

from agents.errors import MiningError
from agents.mining.asking import CONTRAST_TOKENS, MOST_TOKENS
from agents.mining.spec import Spec
from agents.model.ledger import Price
from agents.model.request import ModelRequest
from agents.model.schemas import response_format
from agents.schema import Strict, Transfer
from prompts import Rendered

ANSWER = 330  # tokens of a usual answer about a pair, as the embedded model gives it
MATCH = 1_600  # tokens of a match's two orders, prompts included


class CostEstimate(Strict):
    pairs: int
    calls: int = Field(description="if every answer can be read at once")
    tokens: int = Field(description="prompts and answers of usual length")
    most_tokens: int = Field(description="if every answer is as long as it may be")
    cost_usd: float | None = Field(description="of `tokens`; null: the model's price is not known")


def estimate(
    spec: Spec, pairs: int, meetings: int, prompts: Sequence[Rendered], price: Price
) -> CostEstimate:
    """`prompts` is a sample of those that will be sent. Raises MiningError for a budget below one call."""
    given = sum(map(_tokens, prompts)) // max(1, len(prompts))
    calls = pairs * spec.questions
    judged = 2 * meetings * spec.matches
    made = calls * ANSWER + len(spec.compare) * CONTRAST_TOKENS
    inputs = calls * given + judged * MATCH // 2
    most = calls * (given + MOST_TOKENS) + len(spec.compare) * CONTRAST_TOKENS + judged * MATCH // 2
    _require_budget(spec, given + MOST_TOKENS, price(given, MOST_TOKENS))
    cost = price(inputs, made)
    return CostEstimate(
        pairs=pairs,
        calls=calls + judged + len(spec.compare),
        tokens=inputs + made,
        most_tokens=most,
        cost_usd=None if cost is None else round(cost, 4),
    )


def _tokens(prompt: Rendered) -> int:
    messages = [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}]
    return ModelRequest(messages, response_format(Transfer), MOST_TOKENS, 0).tokens


def _require_budget(spec: Spec, tokens: int, usd: float | None) -> None:
    limits = spec.budget
    if limits.tokens is not None and limits.tokens < tokens:
        raise MiningError(
            f"{spec.name}: the budget of {limits.tokens:,} tokens is too small for a single question, which "
            f"may take {tokens:,}: raise it"
        )
    if limits.usd is None:
        return
    if usd is None:
        raise MiningError(
            f"{spec.name}: the budget is in USD and the model's price is not known: set its input_price and "
            "output_price, or give a budget in tokens"
        )
    if limits.usd < usd:
        raise MiningError(
            f"{spec.name}: the budget of ${limits.usd:g} is too small for a single question, which may cost "
            f"${usd:.4f}: raise it"
        )
