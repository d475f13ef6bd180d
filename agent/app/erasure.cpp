#include "agent/app/erasure.hpp"

#include "agent/app/entries.hpp"
#include "agent/store/store.hpp"

namespace hf::app {

namespace {

// Walks an event's fields as the archive does, and empties what names the person.
struct Forget {
  const Person& person;
  bool changed = false;

  void operator()(std::string_view name, pbx::CallerKey& value) {
    if (name != "caller" || person.caller == 0 || value != person.caller) return;
    value = person.in_its_place, changed = true;
  }
  void operator()(std::string_view name, std::string& value) {
    if (name != "name" || person.agent_name.empty() || value != person.agent_name) return;
    value.clear(), changed = true;
  }
  template <class T>
  void operator()(std::string_view, T&) {}
};

Status forget_in_store(const Path& file) {
  std::error_code none;
  if (!std::filesystem::exists(file, none)) return {};
  auto store = store::Store::open(file);
  return store ? store->forget_people() : fail(std::move(store.error()));
}

}  // namespace

std::optional<std::string> without(const Person& person, const pbx::CallEvent& event) {
  pbx::CallEvent changed = event;
  Forget forget{person};
  std::visit([&forget](auto& body) { body.fields(forget); }, changed.body);
  return forget.changed ? std::optional(pbx::to_text(changed)) : std::nullopt;
}

Result<uint64_t> erase_person(const Path& state_dir, const Person& person, const Clock& clock, Random& random) {
  auto lock = FolderLock::take(state_dir);
  if (!lock) return fail(std::move(lock.error()));
  auto journal = journal::Journal::open(state_dir / "journal", clock, random);
  if (!journal) return fail(std::move(journal.error()));
  auto erased = journal->erase([&person](const journal::EntryView& entry) -> std::optional<std::string> {
    const auto input = from_entry(entry);
    const auto* event = input ? std::get_if<pbx::CallEvent>(&*input) : nullptr;
    return event ? without(person, *event) : std::nullopt;
  });
  if (!erased) return erased;
  if (auto done = forget_in_store(state_dir / "derived.db"); !done) return fail(std::move(done.error()));
  return erased;
}

}  // namespace hf::app
