"""A city made up for tests: as many areas, staff and buildings as the largest tree we know of."""

from __future__ import annotations

BIG, MIDDLE, SMALL, WORKERS = 56, 868, 4555, 1871


def city_yaml(*, big: int = BIG, middle: int = MIDDLE, small: int = SMALL, workers: int = WORKERS, run: int = 8) -> str:
    """A community file of so many subdistricts, communities and grids (each with a run of buildings) and workers."""
    lines = ["linli: 1", "areas:", "  - key: city", "    name: 云州市", "    level: city", "    areas:"]
    for b in range(big):
        lines += [f"      - key: s{b}", f"        name: 云{b}街道", "        areas:"]
        for m in range(b, middle, big):
            lines += [f"          - key: c{m}", f"            name: 云锦{m}社区", "            areas:"]
            for g in range(m, small, middle):
                lines += [
                    f"              - key: g{g}",
                    f"                name: 第{g // middle + 1}网格",
                    f"                aliases: [云庭{g}苑]",
                    f"                groups: [{{role: staff, telegram: {-1000000 - g}}}]",
                    f"                buildings: [{{estate: 云庭{g}苑, numbers: 1-{run}}}]",
                ]
    lines.append("staff:")
    for w in range(workers):
        grids = ", ".join(f"g{g}" for g in range(w, small, workers))
        lines.append(
            f"  - {{key: w{w}, name: 员{w}, accounts: {{telegram: {5000000 + w}}}, "
            f"roles: [{{role: grid_worker, areas: [{grids}]}}]}}"
        )
    return "\n".join(lines) + "\n"
