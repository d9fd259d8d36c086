"""PyTorch's side of rnnc_bench: answers questions on its input, one line of JSON each, about the rows' cells.

A cell is a layer of torch.nn, or a projection of the whole input and a step, run by a loop over time that is scripted
(torch.jit.script, loop and all) or whose parts are compiled (torch.compile; unrolled, the loop would take it minutes).
Parameters are stacked as a person would stack them; case and results are named as in compiler/driver/evaluate.h.
"""

import json
import os
import sys
import time
import traceback
from dataclasses import dataclass
from typing import Callable, Dict, List, Tuple

os.environ.setdefault("TORCHINDUCTOR_COMPILE_THREADS", "1")  # no processes beside the one that is measured
os.environ.setdefault("TORCHINDUCTOR_FORCE_DISABLE_CACHES", "1")  # compile times are of compilations

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor

# Projections: from x [T,B,I] and the stacked parameters to arrays [T,B,...] whose slices the steps read.
# Steps: from those slices, the states and the stacked parameters to the output and the new states.


def project(x: Tensor, w: List[Tensor]) -> List[Tensor]:
    return [F.linear(x, w[0], w[1])]


def peephole_step(a: List[Tensor], s: List[Tensor], w: List[Tensor]) -> List[Tensor]:
    h, c = s[0], s[1]
    a_i, a_f, a_g, a_o = (a[0] + F.linear(h, w[2])).chunk(4, 1)
    c_new = torch.sigmoid(a_f + w[4] * c) * c + torch.sigmoid(a_i + w[3] * c) * torch.tanh(a_g)
    h_new = torch.sigmoid(a_o + w[5] * c_new) * torch.tanh(c_new)
    return [h_new, h_new, c_new]


def gru_before_step(a: List[Tensor], s: List[Tensor], w: List[Tensor]) -> List[Tensor]:
    h = s[0]
    H = h.size(1)
    r, z = torch.sigmoid(a[0][:, : 2 * H] + F.linear(h, w[2])).chunk(2, 1)
    n = torch.tanh(a[0][:, 2 * H :] + F.linear(r * h, w[3]))
    h = n + z * (h - n)
    return [h, h]


def mgu_step(a: List[Tensor], s: List[Tensor], w: List[Tensor]) -> List[Tensor]:
    h = s[0]
    a_f, a_n = a[0].chunk(2, 1)
    f = torch.sigmoid(a_f + F.linear(h, w[2]))
    n = torch.tanh(a_n + F.linear(f * h, w[3]))
    h = h + f * (n - h)
    return [h, h]


def layer_norm_lstm_project(x: Tensor, w: List[Tensor]) -> List[Tensor]:
    return [F.layer_norm(F.linear(x, w[0]), [w[0].size(0)], w[1], w[2], 1e-5)]


def layer_norm_lstm_step(a: List[Tensor], s: List[Tensor], w: List[Tensor]) -> List[Tensor]:
    h, c = s[0], s[1]
    normed = F.layer_norm(F.linear(h, w[3]), [w[3].size(0)], w[4], w[5], 1e-5)
    f, i, o, g = (a[0] + normed).chunk(4, 1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    h = torch.sigmoid(o) * torch.tanh(F.layer_norm(c, [c.size(1)], w[6], w[7], 1e-5))
    return [h, h, c]


def slstm_step(a: List[Tensor], s: List[Tensor], w: List[Tensor]) -> List[Tensor]:
    h, c, n, m = s[0], s[1], s[2], s[3]
    a_i, a_f, a_o, a_z = (a[0] + F.linear(h, w[2])).chunk(4, 1)
    m_new = torch.maximum(a_f + m, a_i)
    i = torch.exp(a_i - m_new)
    f = torch.exp(a_f + m - m_new)
    c = f * c + i * torch.tanh(a_z)
    n = f * n + i
    h = torch.sigmoid(a_o) * c / n
    return [h, h, c, n, m_new]


def min_gru_project(x: Tensor, w: List[Tensor]) -> List[Tensor]:
    z, n = F.linear(x, w[0], w[1]).chunk(2, 2)
    z = torch.sigmoid(z)
    return [1 - z, z * n]


def min_gru_step(a: List[Tensor], s: List[Tensor], w: List[Tensor]) -> List[Tensor]:
    h = a[0] * s[0] + a[1]
    return [h, h]


def sru_project(x: Tensor, w: List[Tensor]) -> List[Tensor]:
    H = x.size(2)
    a = F.linear(x, w[0])
    return [a[:, :, :H], a[:, :, H : 2 * H] + w[3], a[:, :, 2 * H :] + w[4], x]


def sru_step(a: List[Tensor], s: List[Tensor], w: List[Tensor]) -> List[Tensor]:
    c, x = s[0], a[3]
    f = torch.sigmoid(a[1] + w[1] * c)
    r = torch.sigmoid(a[2] + w[2] * c)
    c = a[0] + f * (c - a[0])
    return [x + r * (c - x), c]


def indrnn_step(a: List[Tensor], s: List[Tensor], w: List[Tensor]) -> List[Tensor]:
    h = torch.relu(a[0] + w[2] * s[0])
    return [h, h]


@dataclass
class Cell:
    stacks: List[Tuple[str, ...]]  # parameters, by the stack they are part of; "" is zeros that nobody asks about
    states: List[Tuple[str, ...]]  # a layer's with a first dimension for its own layers, those of a step without
    step: Callable = None  # null: there is a layer
    project: Callable = project
    layer: Callable = None  # (input size, hidden size) -> torch.nn module
    readout: bool = False  # the last two stacks are a linear readout, its loss cross entropy with `next`


def gates(letter: str, names: str, prefix: str = "") -> Tuple[str, ...]:
    return tuple(f"{prefix}{letter}_{name}" for name in names)


def lstm_stacks(prefix: str = "") -> List[Tuple[str, ...]]:
    return [gates(letter, "ifgo", prefix) for letter in "WUb"] + [("",)]


CELLS: Dict[str, Cell] = {
    "RNN": Cell([("W",), ("U",), ("b",), ("",)], [("h",)], layer=torch.nn.RNN),
    "LSTM": Cell(lstm_stacks(), [("h",), ("c",)], layer=torch.nn.LSTM),
    "GRU": Cell([gates(letter, "rzn") for letter in "WUbd"], [("h",)], layer=torch.nn.GRU),
    "TwoLayerLSTM": Cell(lstm_stacks("l1.") + lstm_stacks("l2.") + [("R",), ("b",)],
                         [("l1.h", "l2.h"), ("l1.c", "l2.c")], layer=lambda I, H: torch.nn.LSTM(I, H, 2), readout=True),
    "Peephole": Cell([gates("W", "ifgo"), gates("b", "ifgo"), gates("U", "ifgo"), ("p_i",), ("p_f",), ("p_o",)],
                     [("h",), ("c",)], peephole_step),
    "GRUBefore": Cell([gates("W", "rzn"), gates("b", "rzn"), gates("U", "rz"), ("U_n",)], [("h",)], gru_before_step),
    "MGU": Cell([gates("W", "fn"), gates("b", "fn"), ("U_f",), ("U_n",)], [("h",)], mgu_step),
    "LayerNormLSTM": Cell([("W",), ("gain_x",), ("bias_x",),
                           ("U",), ("gain_h",), ("bias_h",), ("gain_c",), ("bias_c",)], [("h",), ("c",)],
                          layer_norm_lstm_step, layer_norm_lstm_project),
    "SLSTM": Cell([gates("W", "ifoz"), gates("b", "ifoz"), gates("R", "ifoz")], [("h",), ("c",), ("n",), ("m",)],
                  slstm_step),
    "MinGRU": Cell([gates("W", "zn"), gates("b", "zn")], [("h",)], min_gru_step, min_gru_project),
    "SRU": Cell([("W", "W_f", "W_r"), ("v_f",), ("v_r",), ("b_f",), ("b_r",)], [("c",)], sru_step, sru_project),
    "IndRNN": Cell([("W",), ("b",), ("u",)], [("h",)], indrnn_step),
}

# One run: x, the states and the stacked parameters to the output and the last states.
Network = Callable[[Tensor, List[Tensor], List[Tensor]], Tuple[Tensor, List[Tensor]]]


def loop_of(project: Callable, step: Callable) -> Network:
    def loop(x: Tensor, s: List[Tensor], w: List[Tensor]) -> Tuple[Tensor, List[Tensor]]:
        # Taken apart at once: the gradient of a slice by slice would be as large as the whole, each time.
        slices = [each.unbind(0) for each in project(x, w)]
        y: List[Tensor] = []
        for t in range(x.size(0)):
            new = step([each[t] for each in slices], s, w)
            y.append(new[0])
            s = new[1:]
        return torch.stack(y), s

    return loop


def layer_of(layer: Callable, I: int, H: int, stacks: List[torch.nn.Parameter]) -> Network:
    module = layer(I, H)
    for (name, _), stack in zip(list(module.named_parameters()), stacks):
        setattr(module, name, stack)

    def run(x: Tensor, s: List[Tensor], w: List[Tensor]) -> Tuple[Tensor, List[Tensor]]:
        y, last = module(x, tuple(s) if len(s) > 1 else s[0])
        return y, list(last) if len(s) > 1 else [last]

    return run


class Row:
    """One cell with its data."""

    def __init__(self, question):
        self.cell = CELLS[question["cell"]]
        self.mode = question["mode"]
        self.case = load_file(question["case"])
        train = self.mode == "train"
        self.stacks = []
        for stack in self.cell.stacks:
            # Zeros: the second of two biases.
            value = torch.cat([self.case[name] for name in stack]) if any(stack) else torch.zeros_like(self.stacks[-1])
            self.stacks.append(torch.nn.Parameter(value, requires_grad=train))
        self.x = self.case["x"].requires_grad_(train)
        self.first = [self.state(names, "{}.init").requires_grad_(train) for names in self.cell.states]
        self.targets = self.case["next"].flatten().long() if self.cell.readout else None
        self.upstream = []
        if train:
            self.upstream.append(None if self.cell.readout else self.case["grad.h"])
            self.upstream += [self.state(names, "grad.{}.final") for names in self.cell.states]
        self.networks = {}

    def state(self, names: Tuple[str, ...], pattern: str) -> Tensor:
        values = [self.case[pattern.format(name)] for name in names]
        return torch.stack(values) if self.cell.layer else values[0]

    def named_state(self, names: Tuple[str, ...], pattern: str, value: Tensor) -> Dict[str, Tensor]:
        values = value.unbind(0) if self.cell.layer else [value]
        return {pattern.format(name): part for name, part in zip(names, values)}

    def network(self, rival: str):
        """The network, or null and why there is none."""
        if rival == "torch":
            if not self.cell.layer:
                return None, "PyTorch has no such layer"
            return layer_of(self.cell.layer, self.x.size(-1), self.first[0].size(-1), self.stacks), ""
        if self.cell.layer:
            return None, "PyTorch has a layer"
        if rival == "torch-script":
            return torch.jit.script(loop_of(self.cell.project, self.cell.step)), ""
        return loop_of(torch.compile(self.cell.project), torch.compile(self.cell.step)), ""

    def run(self, network: Network) -> Tuple[Tensor, List[Tensor]]:
        """What is timed: the output or the loss, and the last states. Gradients are left where autograd puts them."""
        if self.mode != "train":
            with torch.inference_mode():
                y, last = network(self.x, self.first, self.stacks)
            if self.mode == "step":
                self.first = last
            return y, last
        for leaf in [self.x, *self.first, *self.stacks]:
            leaf.grad = None
        y, last = network(self.x, self.first, self.stacks)
        if self.cell.readout:
            y = F.cross_entropy(F.linear(y, self.stacks[-2], self.stacks[-1]).flatten(0, 1), self.targets)
        torch.autograd.backward([y, *last], self.upstream)
        return y, last

    def results(self, y: Tensor, last: List[Tensor]) -> Dict[str, Tensor]:
        found = {"loss" if self.cell.readout else "h": y}
        for names, value in zip(self.cell.states, last):
            found.update(self.named_state(names, "{}.final", value))
        if self.mode == "train":
            found["grad.x"] = self.x.grad
            for names, value in zip(self.cell.states, self.first):
                found.update(self.named_state(names, "grad.{}.init", value.grad))
            for stack, value in zip(self.cell.stacks, self.stacks):
                parts = value.grad.split([self.case[name].size(0) for name in stack]) if any(stack) else []
                found.update({"grad." + name: part for name, part in zip(stack, parts)})
        return {name: value.detach().clone().contiguous() for name, value in found.items()}

    def prepare(self, rival: str, path: str):
        network, absent = self.network(rival)
        if absent:
            return {"absent": absent}
        start = time.perf_counter()
        y, last = self.run(network)
        first = time.perf_counter() - start
        save_file(self.results(y, last), path)
        # Scripts are specialised in their first few runs, which are no part of the time of a later one.
        later = []
        for _ in range(5):
            start = time.perf_counter()
            self.run(network)
            later.append(time.perf_counter() - start)
        self.networks[rival] = network
        return {"compile_ms": max(0.0, 1e3 * (first + sum(later) - 6 * min(later)))}

    def measure(self, rival: str, seconds: float) -> float:
        network = self.networks[rival]
        # As rnnc_bench counts: on one thread its processor time, on more the wall clock's.
        clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
        count = 1
        while True:
            start = clock()
            for _ in range(count):
                self.run(network)
            elapsed = clock() - start
            if elapsed >= seconds:
                return elapsed / count
            count = max(count + 1, int(1.2 * count * seconds / max(elapsed, 1e-6)))


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer
    torch.set_num_threads(int(sys.argv[1]))
    torch.set_num_interop_threads(1)
    row = None
    for line in sys.stdin:
        question = json.loads(line)
        try:
            answer = {}
            if question["do"] == "version":
                answer["version"] = torch.__version__
            elif question["do"] == "begin":
                torch.compiler.reset()
                row = Row(question)
            elif question["do"] == "prepare":
                answer = row.prepare(question["rival"], question["results"])
            elif question["do"] == "measure":
                answer["seconds"] = row.measure(question["rival"], question["seconds"])
            else:
                raise ValueError(f"no such question: {question['do']}")
        except Exception as error:  # whatever went wrong is the asker's to report
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


main()
