#include "pipeline/ledger.h"

#include <algorithm>
#include <array>

namespace weir::host {
namespace {

constexpr std::array<LedgerTerm, 11> kTerms{{{"backlog_start", &Ledger::backlog_start},
                                             {"read", &Ledger::read},
                                             {"cloned", &Ledger::cloned},
                                             {"delivered", &Ledger::delivered},
                                             {"filtered", &Ledger::filtered},
                                             {"dead_lettered", &Ledger::dead_lettered},
                                             {"dropped", &Ledger::dropped},
                                             {"merged", &Ledger::merged},
                                             {"expired", &Ledger::expired},
                                             {"in_flight", &Ledger::in_flight},
                                             {"backlog_end", &Ledger::backlog_end}}};

constexpr std::array<LedgerTerm, 2> kTermsOfLegs{{{"spooled", &Ledger::spooled}, {"taken", &Ledger::taken}}};

void append(std::string& text, std::string_view name, std::uint64_t count) {
  if (!text.empty()) text += ' ';
  text.append(name).append("=").append(std::to_string(count));
}

}  // namespace

std::span<const LedgerTerm> ledger_terms() { return kTerms; }

bool Ledger::balanced() const {
  return backlog_start + read + cloned + taken ==
         delivered + spooled + filtered + dead_lettered + dropped + merged + expired + in_flight + backlog_end;
}

Ledger& Ledger::operator+=(const Ledger& other) {
  for (const LedgerTerm& term : kTerms) this->*term.count += other.*term.count;
  for (const LedgerTerm& term : kTermsOfLegs) this->*term.count += other.*term.count;
  return *this;
}

void Ledger::add_later(const Ledger& later) {
  const std::uint64_t handed_over = std::min(backlog_end, later.backlog_start);
  *this += later;
  backlog_start -= handed_over;
  backlog_end -= handed_over;
}

std::string Ledger::text() const {
  std::string text;
  for (const LedgerTerm& term : kTerms) append(text, term.name, this->*term.count);
  for (const LedgerTerm& term : kTermsOfLegs) {
    if (this->*term.count > 0) append(text, term.name, this->*term.count);
  }
  return text;
}

}  // namespace weir::host
