#include "cli/commands.h"

int main(int argc, char** argv) { return weir::host::cli::main(argc, argv); }
