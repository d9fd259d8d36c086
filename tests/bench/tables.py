"""Makes tables (Markdown, on standard output) and a plot of what rnnc_bench wrote with --results.

    tests/bench/tables.py RESULTS.json... [--short] [--plot FILE.svg]

Several files are runs of the same rows with different numbers of threads. Only the plot needs matplotlib.
"""

import argparse
import json
from statistics import median

OURS = ["generated", "clang", "jit"]
RIVALS = ["plain", "blas", "onednn", "torch", "torch-script", "torch-compile"]


class Row:
    """What one row's rivals took in one run."""

    def __init__(self, line):
        self.line = line
        self.name = line["row"]
        self.seconds = {name: rival["seconds"] for name, rival in line["rivals"].items() if "seconds" in rival}

    def times(self, names):
        return {name: median(self.seconds[name]) for name in names if name in self.seconds}

    def best(self, names):
        """Name and median of the fastest, or None."""
        times = self.times(names)
        return min(times.items(), key=lambda item: item[1]) if times else None

    def ratio(self, ours):
        """How many times as fast as the best rival: the median over rounds, whose runs are neighbours in time."""
        rival = self.best(RIVALS)
        if rival is None or ours not in self.seconds:
            return None
        return median(b / a for a, b in zip(self.seconds[ours], self.seconds[rival[0]]))

    def percent(self, seconds):
        """Of the multiply-add peak; in a sequence of one row, of the bandwidth of the recurrence's matrices."""
        if self.line.get("bandwidth_bytes_per_second") and self.line["mode"] != "step":
            return 100 * self.line["recurrent_bytes"] / seconds / median(self.line["bandwidth_bytes_per_second"])
        return 100 * self.line["product_flop"] / seconds / median(self.line["peak_flop_per_second"])

    def limit(self):
        return "b" if self.line.get("bandwidth_bytes_per_second") and self.line["mode"] != "step" else ""

    def bits(self):
        """Of the vectors that rnnc's code uses."""
        return str(max((round(rival.get("vector_bits", 0)) for rival in self.line["rivals"].values()), default=0) or "")

    def cell_text(self, name):
        if name not in self.seconds:
            return ""
        seconds = median(self.seconds[name])
        return f"{time_text(seconds)} ({self.percent(seconds):.0f}%{self.limit()})"


def time_text(seconds):
    for unit, size in (("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}" if seconds < 1000 * size else f"{seconds / size:.0f} {unit}"
    return f"{seconds:.3g} s"


def bytes_text(count):
    for unit, size in (("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{count / size:.3g} {unit}" if count < 1000 * size else f"{count / size:.0f} {unit}"
    return f"{count:.0f} B" if count else ""


def ratio_text(value):
    return f"{value:.2f}" if value is not None else ""


def print_table(head, lines):
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for line in lines:
        print("| " + " | ".join(line) + " |")
    print()


def print_run(run):
    machine, libraries = run["machine"], run["libraries"]
    threads = f"{run['threads']} thread" + ("s" if run["threads"] > 1 else "")
    print(f"{run['date']}, {threads}: {machine['processor']}, {machine['cores']} cores, "
          f"{', '.join(machine['caches'])}; load at the start {machine['load'][0]:.1f}; {machine['compiler']}; "
          f"{libraries['OpenBLAS']}; oneDNN {libraries.get('oneDNN', 'not measured')}; "
          f"PyTorch {libraries['PyTorch']}.\n")
    rows = [Row(line) for line in run["rows"]]
    shown = [name for name in OURS + RIVALS if any(name in row.seconds for row in rows)]
    ratios = [name for name in OURS if name in shown]
    head = ["row", "I/H/B/T", "mode", "bits"] + shown + [f"best rival / {name}" for name in ratios]
    print_table(head, [[row.name, row.line["sizes"], row.line["mode"], row.bits()] + [row.cell_text(name) for name in shown] +
                       [ratio_text(row.ratio(name)) for name in ratios] for row in rows])


def print_costs(run):
    """What does not depend on the number of threads but a little."""
    lines = []
    for row in (Row(line) for line in run["rows"]):
        rivals = row.line["rivals"]
        compiled = rivals.get("jit", {})
        if "packed_bytes" not in compiled:
            continue
        milliseconds = {name: rivals.get(name, {}).get("compile_ms", 0) for name in OURS + RIVALS}
        sizes = [bytes_text(compiled[key]) for key in ("packed_bytes", "tape_bytes", "workspace_bytes")]
        lines.append([row.name] + sizes +
                     [time_text(compiled["pack_us"] * 1e-6)] +
                     [time_text(milliseconds[name] * 1e-3) if milliseconds[name] else ""
                      for name in ("jit", "generated", "clang", "torch-script", "torch-compile")])
    print_table(["row", "weights", "tape", "workspace", "packing", "JIT ready", "C++ ready", "C++ (Clang) ready",
                 "torch-script ready", "torch-compile ready"], lines)


def print_short(runs):
    first = [Row(line) for line in runs[0]["rows"]]
    others = [{line["row"]: Row(line) for line in run["rows"]} for run in runs[1:]]
    head = ["row", "cell", "I/H/B/T", "mode", "rnnc (JIT)", "best rival", "times as fast"]
    head += [f"on {run['threads']} threads" for run in runs[1:]]
    lines = []
    for row in first:
        best = row.best(RIVALS)
        lines.append([row.name, row.line["cell"], row.line["sizes"], row.line["mode"], row.cell_text("jit"),
                      f"{time_text(best[1])} ({best[0]})" if best else "", ratio_text(row.ratio("jit"))] +
                     [ratio_text(other[row.name].ratio("jit")) if row.name in other else "" for other in others])
    print_table(head, lines)


def plot(runs, path):
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "rnnc"  # same numbers, same bytes
    import matplotlib.pyplot as pyplot
    import matplotlib.ticker

    names = [line["row"] for line in runs[0]["rows"]]
    figure, axes = pyplot.subplots(figsize=(7.5, 0.32 * len(names) + 1.2), layout="constrained")
    height = 0.8 / len(runs)
    for k, run in enumerate(runs):
        ratios = {line["row"]: Row(line).ratio("jit") for line in run["rows"]}
        at = [i + k * height for i, name in enumerate(names) if ratios.get(name)]
        values = [ratios[name] for name in names if ratios.get(name)]
        bars = axes.barh(at, [value - 1 for value in values], height, left=1,
                         label=f"{run['threads']} thread" + ("s" if run["threads"] > 1 else ""))
        axes.bar_label(bars, [f"{value:.2f}" for value in values], padding=2, fontsize=7)
    axes.set_yticks([i + height * (len(runs) - 1) / 2 for i in range(len(names))], names)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xticks([0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4], minor=False)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())
    axes.margins(y=0.01)
    axes.axvline(1, color="black", linewidth=0.8)
    everything = [ratio for run in runs for line in run["rows"] if (ratio := Row(line).ratio("jit"))]
    axes.set_xlim(0.85 * min(1, *everything), 1.2 * max(1, *everything))
    axes.set_xlabel(f"times as fast as the best rival (JIT code, {runs[0]['date']})")
    axes.legend()
    figure.savefig(path, metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", nargs="+")
    parser.add_argument("--short", action="store_true", help="one table: rnnc against the best rival")
    parser.add_argument("--plot", metavar="FILE.svg", help="draw the ratios")
    arguments = parser.parse_args()
    runs = []
    for path in arguments.results:
        with open(path) as file:
            runs.append(json.load(file))
    runs.sort(key=lambda run: run["threads"])
    if arguments.short:
        print_short(runs)
    else:
        for run in runs:
            print_run(run)
        print_costs(runs[0])
    if arguments.plot:
        plot(runs, arguments.plot)


main()
