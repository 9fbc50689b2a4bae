"""How sure a measured share is."""

from dataclasses import dataclass, fields, is_dataclass

from scipy.stats import beta


@dataclass(frozen=True)
class Share:
    """So many of so many trials.

    Trials that repeat a face, in another draw, teach little: `distinct` counts the different faces behind them, and the
    bounds are those of that many trials.
    """

    count: int
    trials: int
    distinct: int

    @property
    def rate(self) -> float:
        """0 to 1; 0 where there were no trials."""
        return self.count / self.trials if self.trials else 0.0

    @property
    def bounds(self) -> tuple[float, float]:
        """Clopper and Pearson's 95 % interval; one-sided where the rate is 0 or 1 (the rule of three)."""
        if not self.trials or not self.distinct:
            return 0.0, 1.0
        many, few = self.distinct, self.rate * self.distinct
        if self.count == 0:
            return 0.0, float(beta.ppf(0.95, 1, many))
        if self.count == self.trials:
            return float(beta.ppf(0.05, many, 1)), 1.0
        return float(beta.ppf(0.025, few, many - few + 1)), float(beta.ppf(0.975, few + 1, many - few))

    def __add__(self, other: "Share") -> "Share":
        """Both together; their faces must be different ones."""
        return Share(self.count + other.count, self.trials + other.trials, self.distinct + other.distinct)


def as_json(value: object) -> object:
    """Plain values under the names of the fields; a share with its rate and bounds."""
    if isinstance(value, Share):
        low, high = value.bounds
        plain = {field.name: getattr(value, field.name) for field in fields(value)}
        return {**plain, "rate": value.rate, "low95": low, "high95": high}
    if is_dataclass(value):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (list, tuple)):
        return [as_json(one) for one in value]
    return value
