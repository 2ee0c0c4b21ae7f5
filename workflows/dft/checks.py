"""What looks wrong with the electronic state of a converged job (muB, eV); used to rerun it, mark it and keep it out of fits."""
from system import load_system


def params(r):
    """Job settings as text; the keys mag2 and afm of either driver version become one flag."""
    p = dict(r['params'])
    p['afm'] = p.get('afm', '0') == '1' or p.get('mag2', '').startswith('-')
    return p


def system_of(r):
    """System of a result; results older than the key belong to LixVCl3."""
    return load_system(r['params'].get('system') or 'LixVCl3')


def _moment_flags(r, system):
    """Moments against the windows of the valences of the composition."""
    v = [abs(m) for m, s in zip(r['magmoms'], r['symbols']) if s == system.metal]
    expected = system.valences(r['symbols'])
    windows = {q: system.of(q).get('window') for q in set(expected)}
    if any(w is None for w in windows.values()):
        return []
    for q, (low, high) in windows.items():
        if sum(low <= m <= high for m in v) != expected.count(q):
            return [f'{system.metal} moments not those of the valences']
    return []


def flags(r):
    """List of what is wrong; empty if nothing is."""
    system, p, out = system_of(r), params(r), []
    if p.get('stack') == 'bcc' or system.metal not in r['symbols']:
        return out
    if r['U'] < 0.5 * system.dft['U_eV']:               # without its U another state may be right
        return out
    of_gap = system.checks['gap_valences']
    if of_gap is None or set(system.valences(r['symbols'])) <= set(of_gap):
        if r['gap_eV'] < system.checks['gap_eV']:
            out.append('small gap')
    if p.get('spin', '1') == '1':
        out += _moment_flags(r, system)
        if not p['afm'] and r['gap_eV'] > 0.1 and abs(r['magmom'] - round(r['magmom'])) > 0.05:
            out.append('total moment not an integer')
    return out


def high_energies(results):
    """Names of results that lie too far above the lowest of their composition, system and settings."""
    def key(r):
        p, s = params(r), system_of(r)
        n = r['symbols'].count(s.metal)
        counts = {q: round(r['symbols'].count(q) / n, 6) for q in set(r['symbols'])} if n else {}
        return s.name, r['U'], float(p['ecut']), tuple(sorted(counts.items())), n == 0

    def level(r):
        return (r['e_dft'] + r['e_d3']) / max(r['symbols'].count(system_of(r).metal), 1)

    lowest = {}
    for r in results:
        lowest[key(r)] = min(lowest.get(key(r), level(r)), level(r))
    return {r['name'] for r in results if level(r) - lowest[key(r)] > system_of(r).checks['above_lowest_eV']}
