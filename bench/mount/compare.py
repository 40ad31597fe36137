#!/usr/bin/env python3
"""SecureVault's drive beside other encrypting file systems, and beside FUSE itself and the plain disk, on the same work.

    bench/mount/compare.py [--quick] [--rounds N] [--fs NAME,NAME] [--kinds KIND,KIND] [--work DIR]
                           [--before COMMAND] [--rules N] [--save [NAME]]

Each round has all of them mounted and takes each row of the table on each in turn, beginning with another one, and makes and copies a part at a
time, so that a machine whose speed drifts hurts all alike; but with --quick, what makes files waits a minute after a removal (workloads.rest). The table has the medians of the rounds and, last, securevault's ratio to the encrypting peer that comes off best and to FUSE itself
(passthrough): the medians of the rounds' ratios, for one round's rates are a few seconds apart. Higher is better everywhere. --kinds takes some of
blocks, files and tree; --work makes the stores in a folder of your choice (a disk in memory
shows the file system's work alone). --before takes another build of securevault along, by its command ("dotnet OTHER/securevault.dll"): the ratio to
it is what a change gained. --rules gives securevault's policy, and not the other build's, that many rules that let the work through. --save keeps table, rounds, machine and versions as bench/results/DATE[-NAME].json and .md and draws
DATE[-NAME].svg.

Needs root, /dev/fuse, up to 6 GiB of memory for a while, the Release build of src/SecureVault.Cli and Debian's fio; measures those of gocryptfs securefs encfs cryfs
libfuse3-dev (with gcc and pkg-config) that are installed. Nothing else should run meanwhile.
"""
import argparse, contextlib, datetime, itertools, json, os, platform, shlex, shutil, statistics, sys, tempfile

import plot, systems, workloads

CONTROLS = ("securevault", "before", "passthrough", "passthrough-checked", "disk")


def machine(work):
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as info:
        model = next((line.split(":", 1)[1].strip() for line in info if line.startswith("model name")), "unknown")
    store = systems.first_line("findmnt", "-n", "-o", "FSTYPE,SOURCE", "-T", work).replace("  ", " ")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    return f"{os.cpu_count()} x {model}, {memory} GiB, Linux {platform.release()}, stores on {store}"


def ratio(rounds, other, work):
    return statistics.median(ours[work] / theirs[work] for ours, theirs in zip(rounds["securevault"], rounds[other]))


def table(median, rounds):
    names = list(median)
    peers = [name for name in names if name not in CONTROLS]
    bare = [name for name in names if name in ("before", "passthrough", "passthrough-checked")]
    beside = {"/ best peer": peers, **{f"/ {name}": [name] for name in bare}} if "securevault" in names else {}
    beside = {title: others for title, others in beside.items() if others}
    lines = ["| " + " | ".join(["work", *names, *beside]) + " |", "|" + "---|" * (1 + len(names) + len(beside))]
    for work in median[names[0]]:
        ratios = [f"{min(ratio(rounds, other, work) for other in others):.2f}" for others in beside.values()]
        lines.append("| " + " | ".join([work, *(f"{median[name][work]:,.0f}" for name in names), *ratios]) + " |")
    return "\n".join(lines)


def remembered(memory):
    return f"Resident memory of securevault's drive at the end of each round: {', '.join(str(each) for each in memory) or '-'} MiB."


def in_step(works):
    """Takes the first step of all, then the second of all, until there are no more."""
    for _ in itertools.zip_longest(*works):
        pass


def measure(chosen, rounds, quick, kinds):
    """Each round's rates by file system, and what memory the drive of securevault had at each round's end, MiB."""
    results, memory = {system.name: [] for system in chosen}, []
    for number in range(rounds):
        first = number % len(chosen)
        order = chosen[first:] + chosen[:first]
        rates = {system.name: {} for system in chosen}
        with contextlib.ExitStack() as mounted:
            for system in order:
                system.up()
                mounted.callback(system.down)
            for kind in kinds:
                print(f"round {number + 1} of {rounds}: {kind}", file=sys.stderr, flush=True)
                workloads.settle()
                if kind != "blocks" and not quick:
                    workloads.rest()
                in_step(workloads.steps(system, rates[system.name], quick, kind) for system in order)
            memory += [systems.resident(systems.process_of(system)) for system in order if system.name == "securevault"]
        for name, found in rates.items():
            results[name].append(found)
    return results, memory


def save(report, name):
    base = os.path.join(systems.REPOSITORY, "bench", "results", "-".join(filter(None, [report["date"], name])))
    os.makedirs(os.path.dirname(base), exist_ok=True)
    with open(base + ".json", "w", encoding="utf-8") as out:
        json.dump(report, out, indent=1)
        out.write("\n")
    versions = "\n".join(f"- {name}: {version}" for name, version in report["versions"].items())
    size = "quick (128 MiB, 1,000 files)" if report["quick"] else "full (512 MiB, 4,000 files)"
    with open(base + ".md", "w", encoding="utf-8") as out:
        out.write(f"# {report['date']}\n\n{report['machine']}. {size}, medians of {report['count']} rounds.\n\n{table(report['median'], report['rounds'])}\n\n{remembered(report['memory'])}\n\n{versions}\n")
    with open(base + ".svg", "w", encoding="utf-8") as out:
        out.write(plot.draw(report))
    print(f"saved {base}.json, .md and .svg", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--fs", default="")
    parser.add_argument("--kinds", default=",".join(workloads.KINDS))
    parser.add_argument("--work")
    parser.add_argument("--before", type=shlex.split, metavar="COMMAND")
    parser.add_argument("--rules", type=int, default=0)
    parser.add_argument("--save", nargs="?", const="", metavar="NAME")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("run it as root: caches are dropped and file systems mounted")
    kinds = options.kinds.split(",")
    systems.SecureVault.rules = options.rules
    if unknown := set(kinds) - set(workloads.KINDS):
        sys.exit(f"there are no measurements called {', '.join(sorted(unknown))}: take some of {', '.join(workloads.KINDS)}")
    work = tempfile.mkdtemp(prefix="securevault-bench-", dir=options.work)
    try:
        chosen = systems.chosen([name for name in options.fs.split(",") if name], work)
        if options.before:
            chosen.insert(1, before := systems.OtherBuild(work, options.before))
            if not before.available() or chosen[0].name != "securevault":
                sys.exit(f"--before goes beside securevault, and {before.command[-1]} must be there")
        with workloads.warm_memory():
            results, memory = measure(chosen, options.rounds, options.quick, kinds)
        median = {name: {work: statistics.median(one[work] for one in rounds) for work in rounds[0]} for name, rounds in results.items()}
        print(f"{table(median, results)}\n\n{remembered(memory)}")
        if options.save is not None:
            versions = {system.name: system.version() for system in chosen}
            save({"date": datetime.date.today().isoformat(), "machine": machine(work), "quick": options.quick, "count": options.rounds, "versions": versions, "memory": memory, "median": median, "rounds": results}, options.save)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
