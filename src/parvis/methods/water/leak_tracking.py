"""Leaks of a network found night by night between what its sensors read and what its hydraulic model says.

A night leaves a residual: measured less simulated, with the leaks already known simulated too. A leak at a node moves all sensors
by its signature, so that each node has a statistic (how much of the residual its signature explains) and, by the error of the
model, a likelihood. The flows of known leaks drift slowly (a random walk); a jump is a new leak, or one that was mended.
Sources: Kalman 1960 for the flows; the generalised likelihood ratio (Willsky and Jones 1976) for what is new or mended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

NEAR_M = 250.0
"""Metres of pipe within which a crew finds a leak."""
WINDOWS = (1, 3, 7)
"""Nights whose mean is looked at: a great leak shows in one, a small one in a week."""
DRY = 0.3
"""m³/h under which a leak that was found does not run."""


class Network(Protocol):
    """A hydraulic model beside the readings of its sensors."""

    def residual(self, night: int, leaks: Mapping[int, float]) -> Array:
        """Measured less simulated with these leaks (node to m³/h), shape (readings,); NaN where nothing was read."""
        ...

    def signatures(self, leaks: Mapping[int, float], flow: float) -> Array:
        """What a leak of this flow adds to the residual for each m³/h, shape (nodes, readings)."""
        ...


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How well things are known. readings: covariance of the residual of one night, shape (readings, readings); model: error of a
    signature, as a share; drift: m³/h by which the flow of a known leak changes in a night.
    """

    readings: Array
    model: float = 0.1
    drift: float = 0.35


@dataclass(frozen=True, slots=True)
class Threshold:
    """When a leak is told. statistic: χ² of the best node; flow: m³/h at least; nights: that it must stay in one place; inside:
    probability that it lies within `NEAR_M` of the best node.
    """

    statistic: float = 50.0
    flow: float = 2.0
    nights: int = 2
    inside: float = 0.7


@dataclass(frozen=True, slots=True)
class Found:
    """A leak told on a night. node: the likeliest; flow: m³/h; probability: of each node, shape (nodes,)."""

    night: int
    node: int
    flow: float
    probability: Array


@dataclass(frozen=True, slots=True)
class Mended:
    """A known leak that runs no more. node: where it was found."""

    night: int
    node: int


def places(signatures: Array, residual: Array, covariance: Array) -> tuple[Array, Array]:
    """(flow, statistic) of each node: the flow whose signature explains the residual best, and the χ² that it explains; 0 where
    that flow would run backwards. Shapes (nodes,).
    """
    whiten = np.linalg.cholesky(np.linalg.inv(covariance)).T
    seen, of = whiten @ residual, whiten @ signatures.T
    weight = np.maximum((of**2).sum(axis=0), 1e-9)
    flow = of.T @ seen / weight
    return flow, np.where(flow > 0, flow**2 * weight, 0.0)


def probabilities(
    signatures: Array, flow: Array, statistic: Array, residual: Array, covariance: Array, model_error: float
) -> Array:
    """Of each node that the leak is there, shape (nodes,), sum 1: each signature is as wrong as `model_error` says, reading by
    reading. Nodes that explain less than a third of the best are out.
    """
    able = np.flatnonzero(statistic > 0.3 * statistic.max())
    expected = signatures[able] * flow[able, None]
    spread = covariance[None] + np.einsum("ij,jk->ijk", (model_error * expected) ** 2, np.eye(len(residual)))
    left = residual - expected
    distance = np.einsum("ij,ij->i", left, np.linalg.solve(spread, left[:, :, None])[:, :, 0])
    likelihood = -0.5 * (distance + np.linalg.slogdet(spread)[1])
    out = np.zeros(len(signatures))
    out[able] = np.exp(
        (likelihood - likelihood.max()) / 1.5
    )  # readings err together: less sure than they say
    return out / out.sum()


class _Known:
    """Leaks that were told: nodes, flows (m³/h) and the covariance of the flows."""

    def __init__(self) -> None:
        self.nodes: list[int] = []
        self.flows: Array = np.zeros(0)
        self.covariance: Array = np.zeros((0, 0))
        self.running: list[bool] = []
        self.dry: list[int] = []

    @property
    def leaks(self) -> Mapping[int, float]:
        out: dict[int, float] = {}
        for node, flow in zip(self.nodes, self.flows, strict=True):
            out[node] = out.get(node, 0.0) + float(flow)
        return out

    def add(self, node: int, flow: float) -> None:
        self.nodes.append(node)
        self.flows = np.append(self.flows, flow)
        self.covariance = np.pad(self.covariance, ((0, 1), (0, 1)))
        self.covariance[-1, -1] = 4.0
        self.running.append(True)
        self.dry.append(0)

    def end(self, i: int) -> None:
        self.flows[i] = 0.0
        self.covariance[i, :] = self.covariance[:, i] = 0.0
        self.running[i] = False

    def rest(self, drift: float) -> None:
        """A night passes: each flow that runs may have changed."""
        self.covariance = self.covariance + np.diag([drift**2 if r else 1e-9 for r in self.running])

    def update(self, signatures: Array, residual: Array, covariance: Array) -> None:
        by = signatures[self.nodes].T
        gain = self.covariance @ by.T @ np.linalg.inv(covariance + by @ self.covariance @ by.T)
        self.flows = np.maximum(self.flows + gain @ residual, 0.0)
        covariance_left = (np.eye(len(self.nodes)) - gain @ by) @ self.covariance
        self.covariance = (covariance_left + covariance_left.T) / 2
        self.dry = [n + 1 if flow < DRY else 0 for n, flow in zip(self.dry, self.flows.tolist(), strict=True)]

    def dried(self) -> int:
        """Index of a leak that has not run for some nights, -1 where each does."""
        return next((i for i, n in enumerate(self.dry) if n >= WINDOWS[1] and self.running[i]), -1)


def _mended(known: _Known, signatures: Array, residual: Array, covariance: Array) -> tuple[float, int]:
    """(χ² gained, index) of the known leak whose end explains the residual best; (0, -1) where none does."""
    best = (0.0, -1)
    by = signatures[known.nodes].T
    going_on = residual @ np.linalg.solve(covariance + by @ known.covariance @ by.T, residual)
    for i in np.flatnonzero(known.flows >= 2.5):
        ended = residual + by[:, i] * known.flows[i]
        others = known.covariance.copy()
        others[i, :] = others[:, i] = 0.0
        gain = going_on - ended @ np.linalg.solve(covariance + by @ others @ by.T, ended)
        best = max(best, (float(gain), int(i)))
    return best


def track(
    network: Network,
    nights: range,
    usual: Array,
    accuracy: Accuracy,
    metres: Array,
    threshold: Threshold | None = None,
) -> Iterator[Found | Mended]:
    """Follow a network night by night, and tell what is found and what was mended, in their order.

    usual: residual of nights before the first one, shape (readings,), taken from all: leaks that ran then are part of the normal.
    metres: of pipe between nodes, shape (nodes, nodes). A night whose residual is not whole is passed over.
    """
    bar = threshold or Threshold()
    known, recent, trail = _Known(), list[Array](), list[int]()
    signatures, at = network.signatures({}, 3.0), np.zeros(0)
    whole = accuracy.readings
    for night in nights:
        residual = network.residual(night, known.leaks) - usual
        if not np.isfinite(residual).all():
            continue
        if len(at) != len(known.flows) or np.abs(known.flows - at).max(initial=0.0) > 3.0:
            signatures, at = network.signatures(known.leaks, 3.0), known.flows.copy()
        known.rest(accuracy.drift)
        by = signatures[known.nodes].T.reshape(len(usual), -1)
        wrong = ((accuracy.model * by * known.flows) ** 2).sum(axis=1)
        once = whole * (1 + 1 / 28) + np.diag(wrong)
        recent = [*recent, residual][-WINDOWS[-1] :]
        means = [
            (np.mean(recent[-n:], axis=0), whole * (n**-0.7 + 1 / 28) + np.diag(wrong))
            for n in WINDOWS
            if n <= len(recent)
        ]
        gain, ended = max(_mended(known, signatures, mean, cov) for mean, cov in means)
        drifting = by @ known.covariance @ by.T
        looks = [(places(signatures, mean, cov + drifting), mean, cov + drifting) for mean, cov in means]
        (flow, statistic), mean, cov = max(looks, key=lambda look: float(look[0][1].max()))
        if gain > 40.0 and gain > statistic.max():
            known.end(ended)
            recent, trail = [], []
            yield Mended(night, known.nodes[ended])
            continue
        best = int(statistic.argmax())
        jump = float(looks[0][0][1].max()) > 60.0
        if statistic[best] > bar.statistic and flow[best] > bar.flow:
            near = signatures
            if flow[best] > 5.0:  # head losses grow faster than flow: the secant at the flow that was found
                near = network.signatures(known.leaks, 0.9 * float(flow[best]))
                flow, statistic = places(near, mean, cov)
            likely = probabilities(near, flow, statistic, mean, cov, accuracy.model)
            best = int(likely.argmax())
            trail.append(best)
            steady = len(trail) >= bar.nights and all(metres[best, k] < NEAR_M for k in trail[-bar.nights :])
            inside = float(likely[metres[best] < NEAR_M].sum())
            if steady and (inside > bar.inside or (len(trail) >= 20 and inside > 0.5)):
                known.add(best, float(flow[best]))
                recent, trail = [], []
                yield Found(night, best, float(flow[best]), likely)
                continue
        else:
            trail = []
        if known.nodes and not jump:
            known.update(signatures, residual, once)
            if (ended := known.dried()) >= 0:
                known.end(ended)
                yield Mended(night, known.nodes[ended])


def likeliest_pipe(
    probability: Array, metres: Array, pipes: NDArray[np.int64], walked: float = NEAR_M
) -> int:
    """Index of the pipe from which a crew that walks so many metres most likely finds the leak; of those alike, the one nearest to
    all likely places. pipes: nodes of both ends, shape (pipes, 2).
    """
    reach = np.minimum(metres, 1e5)  # what no pipe joins is far, not endlessly
    inside = (reach < walked) @ probability
    near_probability = np.maximum(inside[pipes[:, 0]], inside[pipes[:, 1]])
    far = reach @ probability
    return int(np.argmin((far[pipes[:, 0]] + far[pipes[:, 1]]) / 1e5 - np.round(near_probability, 2)))


def pipe_probabilities(probability: Array, pipes: NDArray[np.int64], lengths: Array) -> Array:
    """Of each pipe that the leak is on it, shape (pipes,): a node shares its probability among its pipes by their length."""
    around = np.zeros(len(probability))
    for side in (0, 1):
        np.add.at(around, pipes[:, side], lengths)
    of = np.where(around > 0, probability / np.maximum(around, 1e-9), 0.0)
    share = lengths * (of[pipes[:, 0]] + of[pipes[:, 1]])
    total = float(share.sum())
    return share / total if total > 0 else share


def readings_accuracy(
    signatures: Array, demand: Array, usual_nights: Array, pressures: int, noise: float = 0.3
) -> Accuracy:
    """How far the residual of a night strays where nothing leaks: half by the demand of each node, half by the usual nights.

    demand: m³/h of each node at night, shape (nodes,); noise: how far a node strays from it, as a share; usual_nights: shape
    (nights, readings); pressures: how many readings, the first ones, are pressures (metres); the others are flows (m³/h).
    """
    spread = (
        0.6 * noise * demand
    )  # what is left of it in the mean of a night, readings of neighbouring hours being alike
    by_demand = np.einsum("ij,i,ik->jk", signatures, spread**2, signatures)
    by_demand[pressures:, :] = by_demand[:, pressures:] = 0.0
    flows = usual_nights[:, pressures:].std(axis=0) if len(usual_nights) > 1 else np.full(0, 1.0)
    by_demand += np.diag([0.003**2] * pressures + [max(0.25, float(s) ** 2) for s in flows])
    seen = np.cov(usual_nights.T).reshape(by_demand.shape)
    return Accuracy(0.5 * by_demand + 0.5 * (seen + 0.2 * np.diag(np.diag(seen))))
