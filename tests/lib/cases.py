"""Runs the text cases of one directory, and prints as TAP which of them print what is expected:  cases.py DIRECTORY [--only NAME]

A case is NAME.ini and what the program makes of it:

    diagnostics  NAME.expected         standard error of `check --quiet NAME.ini`; exit status 3 if an error is in it, else 0
    plan         NAME.expected         `plan ./NAME.ini` with the voice of tests/voices/tone.ini, whose lengths are known
    captions     NAME.vtt, .srt, .lrc  `captions ./NAME.ini -` the same way, one for each of the formats that are there
    sheet        NAME.html, .md, .txt  `sheet ./NAME.ini -` likewise
    screen       NAME.CASE.expected    what a terminal shows of the statuses in NAME.CASE.json, see SCREEN below

NAME.args holds further arguments, one in each line. With SV_ACCEPT set, the output becomes the expected output.
"""
import difflib
import json
import os
import pathlib
import subprocess
import sys

import cells
import sv


def arguments(case):
    path = case.with_suffix(".args")
    return path.read_text().splitlines() if path.exists() else []


def expected_file(case):
    return [case.with_suffix(".expected")]


def files_with(*extensions):
    return lambda case: [path for path in (case.with_suffix(f".{extension}") for extension in extensions) if path.exists()]


def screen_files(case):
    return [path.with_suffix(".expected") for path in sorted(case.parent.glob(f"{case.stem}.*.json"))]


def run_diagnostics(home, case, _expected):
    run = home.run("check", "--quiet", *arguments(case), case.name, cwd=case.parent)
    errors = [line for line in run.err.splitlines() if ": warning: " not in line and "] warning: " not in line]
    return run.out + run.err, run.code, 3 if errors else 0


def run_plan(home, case, _expected):
    run = home.run("plan", "--voice", "tone", *arguments(case), f"./{case.name}", cwd=case.parent)
    return run.out + run.err, run.code, 0


def run_file(home, case, expected):
    """`captions` or `sheet`, as the directory is named."""
    verb = case.parent.name
    result = home.path(verb + expected.suffix)
    run = home.run(verb, "--voice", "tone", *arguments(case), f"./{case.name}", result, cwd=case.parent)
    return run.out + run.err + (result.read_text() if result.exists() else ""), run.code, 0


# A case of the screen is an object with some of these. A status has the members of NAME.json too, unless it has its own.
SCREEN = {"sizes": ["80x24"], "flags": ["color", "keys"], "message": "", "clock": 18 * 3600, "statuses": [{}]}


def draw(case, scenario, statuses, size):
    """A picture of that size, or the lines that are printed instead."""
    columns, rows = map(int, size.split("x"))
    words = [sv.BUILD / "tests/drivers/screen", case, columns, rows, scenario["clock"], scenario["message"], *scenario["flags"]]
    lines = "".join(json.dumps(status) + "\n" for status in statuses)
    run = subprocess.run(list(map(str, words)), input=lines.encode(), capture_output=True)
    if run.returncode != 0 or {"last", "interrupted", "plain"} & set(scenario["flags"]):
        return (run.stdout + run.stderr).decode(), run.returncode
    terminal = cells.Cells(columns, rows)
    terminal.feed(run.stdout)
    return f"{size}\n{terminal.screen.picture()}", 0


def run_screen(_home, case, expected):
    base = json.loads(case.with_suffix(".json").read_text())
    scenario = SCREEN | json.loads(expected.with_suffix(".json").read_text())
    statuses = [base | status for status in scenario["statuses"]]
    drawn = [draw(case, scenario, statuses, size) for size in scenario["sizes"]]
    return "\n".join(text for text, _ in drawn), max(code for _, code in drawn), 0


KINDS = {
    "diagnostics": (expected_file, run_diagnostics),
    "plan": (expected_file, run_plan),
    "captions": (files_with("vtt", "srt", "lrc"), run_file),
    "sheet": (files_with("html", "md", "txt"), run_file),
    "screen": (screen_files, run_screen),
}


def difference(expected, printed):
    return difflib.unified_diff(expected.splitlines(), printed.splitlines(), "expected", "printed", lineterm="", n=2)


def problems(printed, code, right_code, expected):
    if code != right_code:
        yield f"exit status {code} instead of {right_code}"
    if os.environ.get("SV_ACCEPT"):
        expected.write_text(printed)
    elif not expected.exists():
        yield f"there is no {expected.name}; it prints:"
        yield from printed.splitlines()
    else:
        yield from difference(expected.read_text(), printed)


def tests(directory):
    """Yields pairs of a case and the file that holds its expected output."""
    files, _ = KINDS[directory.name]
    for case in sorted(directory.glob("*.ini")):
        for expected in files(case) or [case.with_suffix(".expected")]:
            yield case, expected


def orphans(directory):
    return [path for path in sorted(directory.iterdir()) if not path.with_name(path.name.split(".")[0] + ".ini").exists()]


def main(directory, only=""):
    directory = pathlib.Path(directory).resolve()
    _, run = KINDS[directory.name]
    number = failed = 0
    for case, expected in tests(directory):
        if only not in case.stem:
            continue
        with sv.Home(voice="tone") as home:
            found = list(problems(*run(home, case, expected), expected))
        number += 1
        failed += bool(found)
        print(f"{'not ok' if found else 'ok'} {number} {directory.name}/{expected.name}")
        for line in found:
            print(f"#   {line}")
    for path in orphans(directory):
        number += 1
        failed += 1
        print(f"not ok {number} {directory.name}/{path.name} belongs to no case")
    print(f"1..{number}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *sys.argv[3:]))
