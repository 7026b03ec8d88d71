#pragma once
#include <cstddef>
#include <vector>

namespace weir::host::spec {

/// From one node of a graph to another, by their numbers.
struct Edge {
  std::size_t from = 0;
  std::size_t to = 0;
};

/// Ways that lead back to where they begin, each as numbers of edges in order: for each edge that lies on one and on none that was found
/// before, the shortest through it.
[[nodiscard]] std::vector<std::vector<std::size_t>> find_cycles(const std::vector<Edge>& edges);

}  // namespace weir::host::spec
