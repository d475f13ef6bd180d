#include "hal/pbx/simulated/sim_site.hpp"

#include <array>
#include <utility>

namespace hf::pbx {

namespace {

constexpr std::array<std::string_view, 10> kScenarios = {"normal",         "hp-prequeue", "hp-holdqueue", "hp-partial",    "staff-shortage",
                                                         "surge",          "dead-queue",  "phones-refuse", "restart",      "restart-crash"};

// Names are invented; accents, an apostrophe and a comma are there because real centres have them.
constexpr std::array<std::string_view, 45> kNames = {
    "Anna Berg",      "Jürgen Müller",  "Zoë D'Arcy",      "Li Wei",         "Omar Haddad",   "Søren Ås",       "Ewa Nowak, Team 2",
    "Piotr Łoś",      "Maria Rossi",    "Tomás Ruiz",      "Ines Ferreira",  "Dmitri Volkov", "Aylin Kaya",     "Chloé Martin",
    "Lars Eriksen",   "Nadia Petrova",  "Samir Aziz",      "Hanna Virtanen", "Marek Dvořák",  "Elena Popescu",  "Jonas Weber",
    "Fatima Zahra",   "Noah Schmitt",   "Giulia Conti",    "Viktor Szabó",   "Lucie Dubois",  "Pavel Horák",    "Sofia Lindqvist",
    "Emre Demir",     "Katja Vogel",    "Tiago Almeida",   "Olga Smirnova",  "Ben O'Neill",   "Mira Kovač",     "Rui Costa",
    "Ada Lindgren",   "Hugo Laurent",   "Yusuf Demirci",   "Clara Neumann",  "Igor Morozov",  "Nora Hansen",    "Peter Vogt",
    "Sara Colombo",   "Mikko Laine",    "Eva Jansen"};

constexpr SimShift kEarly{6 * 60 + 30, 15 * 60 + 30}, kDay{9 * 60, 17 * 60 + 30}, kLate{12 * 60, 20 * 60 + 30}, kNight{20 * 60, 7 * 60};

void hire(SimSite& site, size_t count, SimShift shift, const std::vector<size_t>& queues) {
  for (; count > 0; --count) {
    const size_t n = site.agents.size();
    site.agents.push_back({std::to_string(1001 + n), std::string(kNames[n % kNames.size()]), queues, shift});
  }
}

}  // namespace

std::string_view name_of(SimScenario scenario) { return kScenarios[static_cast<size_t>(scenario)]; }

Result<SimScenario> scenario_by_name(std::string_view name) {
  std::string known;
  for (size_t i = 0; i < kScenarios.size(); ++i) {
    if (kScenarios[i] == name) return static_cast<SimScenario>(i);
    known.append(i ? ", " : "").append(kScenarios[i]);
  }
  return fail(ErrorKind::invalid_input, "no scenario '" + std::string(name.substr(0, 40)) + "'; there are: " + known);
}

SimSite sample_site() {
  using std::chrono::seconds;
  SimSite site;
  site.queues = {{"support", "5550101", 3.2, seconds(125), 0.6, seconds(600), seconds(5), false},
                 {"sales", "5550102", 1.4, seconds(110), 0.6, seconds(300), seconds(2), true},
                 {"printers", "5550103", 1.6, seconds(130), 0.6, seconds(600), seconds(3), false}};
  hire(site, 8, kEarly, {0}), hire(site, 6, kDay, {0}), hire(site, 6, kLate, {0});
  hire(site, 4, kEarly, {1}), hire(site, 3, kDay, {1}), hire(site, 3, kLate, {1});
  hire(site, 4, kEarly, {2}), hire(site, 4, kDay, {2}), hire(site, 3, kLate, {2, 0});
  hire(site, 4, kNight, {0, 1, 2});
  return site;
}

SimSite erlang_site(size_t agents, double calls_per_minute, Duration talk, Duration patience) {
  SimSite site;
  site.queues = {{"one", "5550100", calls_per_minute, talk, 0.0, std::chrono::hours(24), Duration{}, false}};
  hire(site, agents, {}, {0});
  site.wrapup = site.welcome = Duration{};
  site.human = site.day_curve = false;
  site.patience = patience;
  return site;
}

}  // namespace hf::pbx
