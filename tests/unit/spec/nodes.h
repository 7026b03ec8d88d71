#pragma once
#include <string>
#include <utility>
#include <vector>

#include "spec/node.h"

namespace weir::host::spec {

/// Nodes as a file would give them, without YAML.
inline Node plain(std::string text) {
  Node node;
  node.text = std::move(text);
  node.mark = {7, 3};
  return node;
}

inline Node text(std::string text) {
  Node node = plain(std::move(text));
  node.quoted = true;
  return node;
}

inline Node list(std::vector<Node> items) {
  Node node = plain("");
  node.kind = Node::Kind::list;
  node.items = std::move(items);
  return node;
}

inline Node map(std::vector<std::pair<std::string, Node>> members) {
  Node node = plain("");
  node.kind = Node::Kind::map;
  for (auto& [name, value] : members) node.members.push_back({name, {7, 1}, std::move(value)});
  return node;
}

inline Node secret(Node node) {
  node.secret = true;
  return node;
}

inline Node unset(Node node) {
  node.unset = true;
  return node;
}

/// {type: file, path: in} and {type: stdout} with a name: a pipeline to which tests add.
inline Node pipeline(std::vector<std::pair<std::string, Node>> more = {}) {
  std::vector<std::pair<std::string, Node>> members = {
      {"name", plain("orders")},
      {"source", map({{"type", plain("file")}, {"path", plain("in")}})},
      {"sink", map({{"type", plain("stdout")}})}};
  for (auto& member : more) members.push_back(std::move(member));
  return map(std::move(members));
}

}  // namespace weir::host::spec
