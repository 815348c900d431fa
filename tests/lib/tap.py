"""Runs the unittest methods of one file and prints the results as TAP:  tap.py FILE [--only PART]"""
import faulthandler
import importlib.util
import pathlib
import sys
import traceback
import unittest


class Tap(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.number = 0

    def line(self, outcome, test, remark="", detail=""):
        self.number += 1
        print(f"{outcome} {self.number} {test.id()}{remark}")
        for line in detail.splitlines():
            print(f"#   {line}")
        sys.stdout.flush()

    def failure(self, test, error):
        self.line("not ok", test, detail="".join(traceback.format_exception(*error)))

    def addSuccess(self, test):
        super().addSuccess(test)
        self.line("ok", test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.failure(test, err)

    def addError(self, test, err):
        super().addError(test, err)
        self.failure(test, err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line("ok", test, f" # SKIP {reason}")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.failure(subtest, err)


def load(path):
    sys.path.insert(0, str(pathlib.Path(__file__).parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return unittest.defaultTestLoader.loadTestsFromModule(module)


def flat(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flat(test)
        else:
            yield test


def main(path, only=""):
    faulthandler.enable()
    path = pathlib.Path(path)
    tests = [test for test in flat(load(path)) if only.replace("/", ".") in test.id()]
    result = Tap()
    unittest.TestSuite(tests).run(result)
    print(f"1..{result.number}")
    return 0 if result.wasSuccessful() and result.number >= len(tests) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *sys.argv[3:]))
