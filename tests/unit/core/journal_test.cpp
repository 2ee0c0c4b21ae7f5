#include "core/journal.hpp"

#include <catch2/catch.hpp>

namespace lithiate {
namespace {

Archive number(double x) {
  Archive a;
  a.put<double>("x", {x});
  return a;
}

TEST_CASE("a piece in the journal is read, not computed again") {
  Archive stored;
  Journal first(Archive{}, [&](const Journal& journal) {
    stored = {};
    journal.save(stored);
  });
  for (const double x : {1.0, 2.0})
    first.piece("at:" + std::to_string(x), [x] { return number(x); });
  int computed = 0;
  Journal second(stored, {});
  for (const double x : {1.0, 2.0, 3.0}) {
    const Archive result = second.piece("at:" + std::to_string(x), [&] {
      ++computed;
      return number(x);
    });
    CHECK(result.scalar<double>("x") == x);
  }
  CHECK(computed == 1);
}

TEST_CASE("a piece that was finished when the run was stopped is kept") {
  Archive stored;
  Journal journal(Archive{}, [&](const Journal& all) {
    all.save(stored);
    throw Stopped("SIGTERM");
  });
  CHECK_THROWS_WITH(journal.piece("a", [] { return number(5.0); }),
                    Catch::Contains("stopped by SIGTERM"));
  Journal next(stored, {});
  CHECK(next.piece("a", []() -> Archive { throw Error("computed again"); }).scalar<double>("x") ==
        5.0);
}

TEST_CASE("arrays of a checkpoint that belong to no piece are left alone, broken names refused") {
  Archive other;
  other.put<double>("run/x", {1.0});
  Journal journal(other, {});
  CHECK(journal.piece("run", [] { return number(2.0); }).scalar<double>("x") == 2.0);
  Archive broken;
  broken.put<double>("pieces/x", {1.0});
  CHECK_THROWS_AS(Journal(broken, {}), InputError);
}

TEST_CASE("a journal keeps the newest state of a long piece until it is forgotten", "[core]") {
  Journal journal(Archive{}, {});
  REQUIRE_FALSE(journal.kept("long"));
  for (const double value : {1.0, 2.0}) {
    Archive state;
    state.put<double>("x", {value});
    journal.keep("long", std::move(state));
  }
  Archive saved;
  journal.save(saved);
  Journal later(saved, {});
  REQUIRE(later.kept("long"));
  CHECK(later.kept("long")->scalar<double>("x") == 2.0);
  later.forget("long");
  CHECK_FALSE(later.kept("long"));
}

}  // namespace
}  // namespace lithiate
