import {
  PickleDict,
  PickleRecord,
  PickleSet,
  PickleTuple,
  type PickleGlobal,
  type PickleValue,
} from "./value";

/** Builds plain data in place of a call; undefined where the arguments are not the expected ones. */
type Reduction = (args: readonly PickleValue[]) => PickleValue | undefined;

/** Calls whose results are plain data, computed here by our own code. */
const REDUCTIONS: Readonly<Record<string, Reduction>> = {
  "collections.OrderedDict": ([pairs]) => dictOf(pairs),
  "builtins.set": ([items]) => setOf(items),
  "builtins.frozenset": ([items]) => setOf(items),
  "__builtin__.set": ([items]) => setOf(items),
  "__builtin__.frozenset": ([items]) => setOf(items),
};

/**
 * Modules whose functions reach beyond the data: a checkpoint that names one is refused, though nothing here would ever
 * call it. Opaque records are for the classes of training code, which are merely of no interest.
 */
const DENIED =
  /^(?:os|nt|posix|posixpath|ntpath|sys|subprocess|popen2|commands|shutil|socket|ssl|pty|ctypes|importlib|imp|runpy|code|codeop|types|operator|functools|itertools|marshal|pickle|_pickle|cPickle|pickletools|builtins|__builtin__|webbrowser|asyncio|multiprocessing|threading|signal|http|urllib|urllib2|requests|httplib|ftplib|smtplib|telnetlib|tempfile|io|pathlib|glob|platform|inspect|timeit|cProfile|profile|pdb|bdb|trace|ast|dis|zipimport|pkgutil|site|sysconfig|distutils|setuptools|pip|test|unittest|doctest|gc|atexit|mmap|fileinput|linecache|venv|ensurepip|nturl2path|_osx_support|_aix_support|_pyrepl)(?:\.|$)/;

/** Innocent members of denied modules. */
const HARMLESS = new Set([
  ...["builtins", "__builtin__"].flatMap((module) =>
    [
      "set",
      "frozenset",
      "list",
      "dict",
      "tuple",
      "int",
      "long",
      "float",
      "bool",
      "str",
      "unicode",
      "bytes",
      "bytearray",
      "complex",
      "slice",
      "range",
      "xrange",
      "object",
    ].map((name) => `${module}.${name}`),
  ),
  "types.SimpleNamespace",
  "functools.partial",
  ...["PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath", "Path"].map(
    (name) => `pathlib.${name}`,
  ),
]);

/** Whether a checkpoint may name this class or function at all. */
export function isRefused({ module, name, path }: PickleGlobal): boolean {
  if (HARMLESS.has(path)) return false;
  // `STACK_GLOBAL` walks attributes along dots: no honest name has a way out of its class.
  return (
    DENIED.test(module) || /(?:^|\.)__(?!new|init)/.test(name) || !/^[\p{L}_][\p{L}\p{N}_.<>]*$/u.test(name)
  );
}

/** The plain data that a known call stands for; otherwise a record of the call. */
export function reduce(callable: PickleGlobal, args: readonly PickleValue[]): PickleValue {
  const known = Object.hasOwn(REDUCTIONS, callable.path) ? REDUCTIONS[callable.path] : undefined;
  return known?.(args) ?? new PickleRecord(callable, args);
}

function dictOf(pairs: PickleValue | undefined): PickleDict | undefined {
  const dict = new PickleDict();
  if (pairs === undefined) return dict;
  if (!Array.isArray(pairs)) return undefined;
  for (const pair of pairs) {
    const [key, value] = pair instanceof PickleTuple ? pair.items : Array.isArray(pair) ? pair : [];
    if (key === undefined || value === undefined) return undefined;
    dict.entries.set(key, value);
  }
  return dict;
}

function setOf(items: PickleValue | undefined): PickleSet | undefined {
  const set = new PickleSet();
  if (items === undefined) return set;
  const members = Array.isArray(items) ? items : items instanceof PickleTuple ? items.items : undefined;
  if (members === undefined) return undefined;
  set.items.push(...members.slice(0, 1 << 16));
  return members.length <= 1 << 16 ? set : undefined;
}
