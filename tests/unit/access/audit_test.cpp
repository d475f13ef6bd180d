#include "tests/unit/access/access_fixture.hpp"

namespace hf::access {
namespace {

class AuditTest : public AccessTest {
 protected:
  // Changes the file behind Access's back, as somebody with a shell would.
  void tamper(const char* sql) {
    access.reset();
    auto database = sqlite::Database::open(folder / "access.db");
    ASSERT_TRUE(database);
    const auto done = database->execute(sql);
    ASSERT_TRUE(done) << done.error().what;
    database = fail(ErrorKind::closed, "");
    reopen();
  }
  AuditVerdict verdict() { return access->audit().verify().value(); }
};

TEST_F(AuditTest, tells_who_did_what_from_where_with_which_result) {
  two_users();
  ASSERT_TRUE(change("boris", {.role = Role::admin}));
  (void)login("boris", "wrong password here");
  (void)login("secret typed into the wrong field", "x");
  std::vector<std::string> told;
  for (const auto& row : audit()) told.push_back(row.actor + "|" + row.address + "|" + row.action + "|" + row.target + "|" + row.result + "|" + row.before + "|" + row.after);
  EXPECT_EQ(told, (std::vector<std::string>{
                      R"(anna|192.0.2.7|setup|anna|done||{"role":"admin","disabled":false})",
                      R"(anna|192.0.2.7|user.add|boris|done||{"role":"viewer","disabled":false})",
                      R"(anna|192.0.2.7|user.change|boris|done|{"role":"viewer","disabled":false}|{"role":"admin","disabled":false})",
                      "|192.0.2.7|login|boris|refused||"}))
      << "the throttled attempt leaves no row, and no row can hold a password";
}

TEST_F(AuditTest, never_holds_a_name_that_is_no_user) {
  two_users();
  (void)login("seven brown teapots", "anna");  // the two fields mixed up
  EXPECT_EQ(audit().back().target, "unknown user");
}

TEST_F(AuditTest, an_untouched_chain_is_intact) {
  two_users();
  const auto v = verdict();
  EXPECT_TRUE(v.intact);
  EXPECT_EQ(v.rows, 2U);
  EXPECT_EQ(v.head, audit().back().hash);
}

TEST_F(AuditTest, a_changed_row_shows) {
  two_users();
  tamper("UPDATE audit SET actor = 'boris' WHERE id = 2");
  EXPECT_FALSE(verdict().intact);
  EXPECT_EQ(verdict().broken_at, 2);
}

TEST_F(AuditTest, a_field_moved_into_its_neighbour_shows) {
  two_users();
  tamper("UPDATE audit SET actor = actor || address, address = '' WHERE id = 1");
  EXPECT_EQ(verdict().broken_at, 1);
}

TEST_F(AuditTest, a_missing_row_shows_at_the_start_and_in_the_middle) {
  two_users();
  ASSERT_TRUE(add("olga", Role::viewer));
  tamper("DELETE FROM audit WHERE id = 2");
  EXPECT_EQ(verdict().broken_at, 3);
  tamper("DELETE FROM audit WHERE id = 1");
  EXPECT_EQ(verdict().broken_at, 3);
}

TEST_F(AuditTest, a_cut_tail_shows_against_a_head_kept_elsewhere) {
  two_users();
  const auto head = verdict().head;
  tamper("DELETE FROM audit WHERE id = 2");
  EXPECT_NE(verdict().head, head);
}

TEST_F(AuditTest, pages_back_and_exports_forward) {
  two_users();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(access->audit().add({"anna", address, "test", std::to_string(i), AuditResult::done, "", ""}));
  const auto newest = access->audit().before(std::nullopt, 3).value();
  ASSERT_EQ(newest.size(), 3U);
  EXPECT_EQ(newest[0].target, "9");
  EXPECT_EQ(access->audit().before(newest[2].id, 1).value()[0].target, "6");
  EXPECT_EQ(access->audit().after(newest[2].id, 10).value().size(), 2U);
}

TEST_F(AuditTest, is_bounded_and_the_cut_is_itself_told) {
  auto database = sqlite::Database::open(folder / "small.db");
  ASSERT_TRUE(database && database->execute(Audit::schema()));
  Audit small(*database, clock, 80);
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(small.add({"anna", "", "test", std::to_string(i), AuditResult::done, "", ""}));
  const auto rows = small.after(0, 1000).value();
  EXPECT_LE(rows.size(), 81U);
  EXPECT_GE(rows.size(), 70U);
  EXPECT_TRUE(std::any_of(rows.begin(), rows.end(), [](const AuditRow& row) { return row.action == "audit.prune" && row.actor == "box"; }));
  EXPECT_TRUE(small.verify()->intact) << "the chain goes on from the cut";
  ASSERT_TRUE(database->execute("DELETE FROM audit WHERE id = (SELECT min(id) FROM audit)"));
  EXPECT_FALSE(small.verify()->intact);
}

TEST_F(AuditTest, an_action_whose_row_cannot_be_written_does_not_happen) {
  two_users();
  tamper("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(FAIL, 'disk full'); END");
  EXPECT_EQ(add("olga", Role::admin).error().why, Why::internal);
  EXPECT_EQ(login("boris").error().why, Why::internal);
  EXPECT_EQ(access->users()->size(), 2U);
}

TEST_F(AuditTest, a_giant_field_is_cut_between_characters) {
  std::string giant;
  for (int i = 0; i < 50'000; ++i) giant += "ж";
  ASSERT_TRUE(access->audit().add({"anna", "", "test", giant + "!", AuditResult::done, "", ""}));
  const auto row = audit().back();
  EXPECT_EQ(row.target.size(), 65536U);
  EXPECT_TRUE(verdict().intact);
}

}  // namespace
}  // namespace hf::access
