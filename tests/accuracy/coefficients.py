#!/usr/bin/env python3
"""Computes the minimax coefficients of compiler/ir/elementwise_*.cpp. Needs mpmath.

Every approximation is a polynomial sum(c[k] * x**powers[k]) found by Remez' exchange algorithm in 60 digits, with the
error weighted relative to the function approximated. `coefficients.py NAME...` prints the
named ones, `coefficients.py` the whole header compiler/ir/elementwise_coefficients.h.
"""
import sys
from mpmath import mp, mpf, cos, pi, exp, expm1, log, log1p, sin, sqrt, erf, erfc, atanh, matrix, lu_solve, nstr

mp.dps = 60


def grid(low, high, count):
    """Chebyshev points: dense at the ends, where the extrema crowd."""
    return [(low + high) / 2 - (high - low) / 2 * cos(pi * k / (count - 1)) for k in range(count)]


def extrema(errors):
    """Indices of alternating extrema of a sampled error curve."""
    found = []
    for i, e in enumerate(errors):
        if found and (e > 0) == (errors[found[-1]] > 0):
            if abs(e) > abs(errors[found[-1]]):
                found[-1] = i
        else:
            found.append(i)
    return found


def choose(found, errors, count):
    """Drops the smallest end extrema until `count` are left."""
    found = list(found)
    while len(found) > count:
        found.pop(0 if abs(errors[found[0]]) < abs(errors[found[-1]]) else -1)
    return found


def remez(f, weight, powers, low, high, samples=1500):
    """Minimises max |weight(x) * (f(x) - sum c_k x^powers_k)| over [low, high]; gives (c, error)."""
    low, high = mpf(low), mpf(high)
    xs = grid(low, high, samples)
    values, weights = [f(x) for x in xs], [weight(x) for x in xs]
    n = len(powers)
    reference = [round(k * (samples - 1) / n) for k in range(n + 1)]
    # Points spread like Chebyshev extrema; xs are such points, so even index steps do it.
    for _ in range(40):
        system, right = matrix(n + 1, n + 1), matrix(n + 1, 1)
        for row, i in enumerate(reference):
            for column, power in enumerate(powers):
                system[row, column] = xs[i] ** power
            system[row, n] = (-1) ** row / weights[i]
            right[row] = values[i]
        solution = lu_solve(system, right)
        coefficients, level = [solution[k] for k in range(n)], abs(solution[n])
        errors = [w * (v - sum(c * x ** p for c, p in zip(coefficients, powers)))
                  for x, v, w in zip(xs, values, weights)]
        worst = max(abs(e) for e in errors)
        found = choose(extrema(errors), errors, n + 1)
        if worst <= level * mpf('1.0001') or len(found) < n + 1 or found == reference:
            break
        reference = found
    return coefficients, worst


HALF_LN2 = log(2) / 2 * mpf('1.0001')
SMALL = mpf('1e-20')  # keeps quotients away from 0/0


def exp_tail(terms):
    """(e^r - 1 - r) / r^2, error relative to e^r."""
    return remez(lambda r: (exp(r) - 1 - r) / r ** 2 if r else mpf(1) / 2, lambda r: r ** 2 / exp(r) + SMALL,
                 range(terms), -HALF_LN2, HALF_LN2)


def expm1_tail(terms):
    """(e^r - 1 - r) / r^2, error relative to e^r - 1."""
    return remez(lambda r: (exp(r) - 1 - r) / r ** 2 if r else mpf(1) / 2,
                 lambda r: abs(r ** 2 / expm1(r)) + SMALL if r else SMALL, range(terms), -HALF_LN2, HALF_LN2)


def log_tail(terms):
    """(log(1 + f) - f + f^2/2) / f^3, error relative to log(1 + f)."""
    return remez(lambda f: (log1p(f) - f + f ** 2 / 2) / f ** 3 if f else mpf(1) / 3,
                 lambda f: abs(f ** 3 / log1p(f)) + SMALL if f else SMALL,
                 range(terms), sqrt(mpf(1) / 2) - 1, sqrt(mpf(2)) - 1)


ATANH_END = ((sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1) * mpf('1.0001')) ** 2


def atanh_tail(terms):
    """(atanh(s)/s - 1) / s^2 in powers of s^2, error relative to atanh(s)."""
    return remez(lambda z: (atanh(sqrt(z)) / sqrt(z) - 1) / z if z else mpf(1) / 3, lambda z: z + SMALL,
                 range(terms), 0, ATANH_END)


def atanh_second_tail(terms):
    """(atanh(s)/s - 1 - s^2/3) / s^4 in powers of s^2, error relative to atanh(s)."""
    return remez(lambda z: (atanh(sqrt(z)) / sqrt(z) - 1 - z / 3) / z ** 2 if z else mpf(1) / 5,
                 lambda z: z ** 2 + SMALL, range(terms), 0, ATANH_END)


QUARTER_TURN = (pi / 4 * mpf('1.0001')) ** 2


def sin_tail(terms):
    """(sin(r)/r - 1) / r^2 in powers of r^2, error relative to sin(r)/r."""
    return remez(lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z if z else -mpf(1) / 6,
                 lambda z: z * sqrt(z) / sin(sqrt(z)) if z else SMALL, range(terms), 0, QUARTER_TURN)


def cos_tail(terms):
    """(cos(r) - 1 + r^2/2) / r^4 in powers of r^2, error relative to cos(r)."""
    return remez(lambda z: (cos(sqrt(z)) - 1 + z / 2) / z ** 2 if z else mpf(1) / 24,
                 lambda z: z ** 2 / cos(sqrt(z)) + SMALL, range(terms), 0, QUARTER_TURN)


def erfcx(a):
    if a > 100:  # asymptotic; erfc itself underflows no sooner, but exp(a^2) grows without need
        return 1 / (a * sqrt(pi)) * (1 - 1 / (2 * a ** 2) + 3 / (4 * a ** 4) - 15 / (8 * a ** 6))
    return exp(a * a) * erfc(a)


def erfc_scaled(terms, centre, last):
    """(a + k) e^(a^2) erfc(a) in powers of t = (a - k) / (a + k), for a from 0 to `last`."""
    k = mpf(centre)
    top = (mpf(last) - k) / (mpf(last) + k)
    a_of = lambda t: k * (1 + t) / (1 - t)
    f = lambda t: (a_of(t) + k) * erfcx(a_of(t))
    return remez(f, lambda t: 1 / f(t), range(terms), -1, top, 600)


def erf_near(terms, high):
    """erf(x)/x in powers of x^2, relative."""
    f = lambda z: erf(sqrt(z)) / sqrt(z) if z else 2 / sqrt(pi)
    return remez(f, lambda z: 1 / f(z), range(terms), 0, mpf(high) ** 2)


POLYNOMIALS = {
    'exp_f32': ('(e^r - 1 - r) / r^2, error relative to e^r', lambda: exp_tail(5)),
    'exp_f64': ('likewise', lambda: exp_tail(10)),
    'expm1_f32': ('(e^r - 1 - r) / r^2, error relative to e^r - 1', lambda: expm1_tail(5)),
    'expm1_f64': ('likewise', lambda: expm1_tail(10)),
    'log_f32': ('(log(1 + f) - f + f^2/2) / f^3', lambda: log_tail(8)),
    'log_f64': ('(atanh(s)/s - 1) / s^2 in s^2', lambda: atanh_tail(7)),
    'log2_f32': ('(atanh(s)/s - 1 - s^2/3) / s^4 in s^2', lambda: atanh_second_tail(3)),
    'log2_f64': ('likewise', lambda: atanh_second_tail(8)),
    'sin_f32': ('(sin(r)/r - 1) / r^2 in r^2', lambda: sin_tail(3)),
    'sin_f64': ('likewise', lambda: sin_tail(6)),
    'cos_f32': ('(cos(r) - 1 + r^2/2) / r^4 in r^2', lambda: cos_tail(3)),
    'cos_f64': ('likewise', lambda: cos_tail(6)),
    'erfc_f32': ('(a + 3) e^(a^2) erfc(a) in (a - 3) / (a + 3)', lambda: erfc_scaled(10, 3, '10.1')),
    'erfc_f64': ('(a + 4) e^(a^2) erfc(a) in (a - 4) / (a + 4)', lambda: erfc_scaled(22, 4, '27')),
    'erf_f32': ('erf(x)/x in x^2, |x| <= 0.85', lambda: erf_near(6, '0.85')),
    'erf_f64': ('likewise', lambda: erf_near(11, '0.85')),
}

HEADER = """// Minimax coefficients of the expansions, lowest power first. Made by tests/accuracy/coefficients.py; do not edit.
#pragma once

namespace rnnc::ir::coefficients {
"""


def show(name, coefficients, double):
    lines, line = [], f'inline constexpr double {name}[] = {{'
    for k, c in enumerate(coefficients):
        word = nstr(c, 20 if double else 12) + (',' if k + 1 < len(coefficients) else '};')
        if len(line) + len(word) > 118:
            lines.append(line)
            line = '   '
        line += ('' if line.endswith('{') else ' ') + word
    print('\n'.join(lines + [line]))


def make(name, what, compute):
    coefficients, error = compute()
    print(f'\n// {what}; worst relative error 2^{nstr(log(error, 2), 3)}')
    show(name, coefficients, name.endswith('64'))
    sys.stdout.flush()


def main():
    names = sys.argv[1:]
    if not names:
        print(HEADER, end='')
    for name in names or POLYNOMIALS:
        make(name, *POLYNOMIALS[name])
    if not names:
        print('\n}  // namespace rnnc::ir::coefficients')


if __name__ == '__main__':
    main()
