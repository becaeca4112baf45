//! Nothing: the fuzzer is the test target of this package, which `tests/fuzz/run` builds.
