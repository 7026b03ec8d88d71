#include "json/members.h"

#include "json/text.h"

namespace weir::host::json {
namespace {

const char* skip_space(const char* at) {
  while (is_space(*at)) ++at;
  return at;
}

const char* skip_string(const char* at) {
  for (++at; *at != '"'; ++at) {
    if (*at == '\\') ++at;
  }
  return at + 1;
}

const char* skip_container(const char* at) {
  std::size_t open = 0;
  do {
    if (*at == '"') {
      at = skip_string(at);
      continue;
    }
    if (*at == '{' || *at == '[') ++open;
    if (*at == '}' || *at == ']') --open;
    ++at;
  } while (open > 0);
  return at;
}

const char* skip_value(const char* at) {
  if (*at == '"') return skip_string(at);
  if (*at == '{' || *at == '[') return skip_container(at);
  while (!ends_scalar(*at)) ++at;
  return at;
}

std::string_view between(const char* start, const char* end) { return {start, static_cast<std::size_t>(end - start)}; }

}  // namespace

bool MemberReader::next(Member& member) {
  at_ = skip_space(at_);
  if (*at_ == ',') at_ = skip_space(at_ + 1);
  if (*at_ == '}' || *at_ == ']') return false;
  if (is_object_) {
    const char* const name = at_;
    at_ = skip_string(at_);
    member.name = between(name, at_);
    at_ = skip_space(skip_space(at_) + 1);  // past the colon
  }
  const char* const value = at_;
  at_ = skip_value(at_);
  member.value = between(value, at_);
  return true;
}

std::size_t count_members(std::string_view container) {
  MemberReader reader(container);
  Member member;
  std::size_t count = 0;
  while (reader.next(member)) ++count;
  return count;
}

}  // namespace weir::host::json
