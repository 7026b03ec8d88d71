#include "pipeline/ledger.h"

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

}  // namespace

std::span<const LedgerTerm> ledger_terms() { return kTerms; }

bool Ledger::balanced() const {
  return backlog_start + read + cloned ==
         delivered + filtered + dead_lettered + dropped + merged + expired + in_flight + backlog_end;
}

Ledger& Ledger::operator+=(const Ledger& other) {
  for (const LedgerTerm& term : kTerms) this->*term.count += other.*term.count;
  return *this;
}

std::string Ledger::text() const {
  std::string text;
  for (const LedgerTerm& term : kTerms) {
    if (!text.empty()) text += ' ';
    text.append(term.name).append("=").append(std::to_string(this->*term.count));
  }
  return text;
}

}  // namespace weir::host
