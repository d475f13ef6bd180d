#include "agent/access/password.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "generated/common_passwords.hpp"
#include "hal/platform/utf8.hpp"

namespace hf::access {

namespace {

bool continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

size_t characters(std::string_view s) {
  return s.size() - static_cast<size_t>(std::count_if(s.begin(), s.end(), continuation));
}

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// The list is sorted, lower case, one a line.
bool common(std::string_view password) {
  std::string_view list = generated::common_passwords;
  while (!list.empty()) {
    const size_t middle = list.rfind('\n', list.size() / 2);
    const size_t begin = middle == list.npos ? 0 : middle + 1;
    const size_t end = std::min(list.find('\n', begin), list.size());
    const std::string_view entry = list.substr(begin, end - begin);
    if (entry == password) return true;
    if (password < entry) list = list.substr(0, begin);
    else list = end < list.size() ? list.substr(end + 1) : std::string_view{};
  }
  return false;
}

// "Dragon!2026": a common password with at most six digits or signs around it.
bool common_inside(std::string_view password) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; };
  const auto* const begin = std::find_if(password.begin(), password.end(), letter);
  const auto* end = password.end();
  while (end > begin && !letter(*(end - 1))) --end;
  const std::string_view core(begin, static_cast<size_t>(end - begin));
  return password.size() - core.size() <= 6 && common(core);
}

// The same short piece over and over: "aaaaaaaaaaaa", "abc123abc123".
bool repeated(std::string_view s) {
  for (size_t period = 1; period <= 6 && period < s.size(); ++period)
    if (s.substr(period) == s.substr(0, s.size() - period)) return true;
  return false;
}

// Each sign is the last one plus or minus one: "abcdefghijkl", "210987654321" with its wrap.
bool sequence(std::string_view s) {
  constexpr std::array<std::string_view, 5> kRows = {"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", "12345678901234567890123456789012345678901234567890",
                                                     "01234567890123456789012345678901234567890123456789", "qwertyuiopasdfghjklzxcvbnmqwertyuiopasdfghjklzxcvbnm",
                                                     "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p"};
  const std::string backwards(s.rbegin(), s.rend());
  return std::any_of(kRows.begin(), kRows.end(), [&](std::string_view row) { return row.find(s) != row.npos || row.find(backwards) != row.npos; });
}

// What is left once the words that everybody would try are taken out.
size_t left_without(std::string text, std::string_view word) {
  if (word.size() < 3) return text.size();
  for (size_t at = text.find(word); at != text.npos; at = text.find(word)) text.erase(at, word.size());
  return text.size();
}

}  // namespace

Status check_password(std::string_view password, std::string_view user) {
  const auto refuse = [](std::string why) -> Status { return fail(ErrorKind::invalid_input, "password: " + std::move(why)); };
  if (password.size() > kMaxPassword) return refuse("at most 256 bytes");
  if (!is_utf8(password) || password.find('\0') != password.npos) return refuse("must be text (UTF-8)");
  if (characters(password) < kMinPassword) return refuse("at least 12 characters");
  const std::string small = lower(password);
  if (common(small) || common_inside(small)) return refuse("it is among the most common ones");
  if (repeated(small) || sequence(small)) return refuse("it is a plain repetition or sequence");
  if (left_without(small, lower(user)) < 6) return refuse("it is little more than the user's name");
  if (left_without(small, "holdfast") < 5 || left_without(small, "password") < 5) return refuse("it is little more than a word that everybody would try");
  return {};
}

HashCost HashCost::interactive() { return {crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE}; }
HashCost HashCost::least() { return {crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN}; }

Result<std::string> hash_password(std::string_view password, HashCost cost) {
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (sodium_init() < 0 || crypto_pwhash_str_alg(out.data(), password.data(), password.size(), cost.passes, cost.memory, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return fail(ErrorKind::internal, "password hash: not enough memory");
  return std::string(out.data());
}

bool verify_password(std::string_view hash, std::string_view password) {
  std::array<char, crypto_pwhash_STRBYTES> kept{};
  if (hash.size() >= kept.size() || sodium_init() < 0) return false;
  std::copy(hash.begin(), hash.end(), kept.begin());
  return crypto_pwhash_str_verify(kept.data(), password.data(), password.size()) == 0;
}

}  // namespace hf::access
