#pragma once
#include <functional>
#include <string>

#include "cli/chaos/oracle.h"
#include "errors/status.h"

namespace weir::host::cli::chaos {

/// What stands for the topic of dead letters, wherever they lie: one that its sink refused is in another file.
inline constexpr std::string_view kLetters = "dead letters";

/// Shows the dead letters of a file to `see`, each as a message whose value says which of its position's letters it is. A file that is
/// not there has none. E_DATA: a line is no dead letter.
[[nodiscard]] Status each_letter(const std::string& path, const std::function<void(const Seen&)>& see);

}  // namespace weir::host::cli::chaos
