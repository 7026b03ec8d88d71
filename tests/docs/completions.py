"""Shell completion of `weir`, made from its command table: bash, zsh and fish. Names of components are asked of `weir plugins` when they
are wanted, so those of the user's own plugins are among them."""

# What an argument or an option's value is, by its name in the help: where its completions come from.
FILES = {"PATH", "FILE", "PIPELINE", "PLUGIN"}
FOLDERS = {"DIR"}
# `weir tap` has a PIPELINE too, which is the name of one that runs.
NOT_FILES = {("tap", "PIPELINE")}

HEAD = "Generated from the command line's own table by `./dev docs`; do not edit."


def source_of(command, name):
    """files, folders, components or nothing."""
    if (command, name) in NOT_FILES:
        return "nothing"
    if name in FILES:
        return "files"
    if name in FOLDERS:
        return "folders"
    return "components" if (command, name) == ("plugins", "NAME") else "nothing"


def options_of(table, command):
    """An option given to a command, its own or one for all; a name counts once."""
    seen = set()
    for option in [*command["options"], *(option for option in table["options"] if option["names"] != ["--version"])]:
        if not seen & set(option["names"]):
            seen |= set(option["names"])
            yield option


def nested(table):
    """Commands that have commands themselves."""
    return [command for command in table["commands"] if command["commands"]]


def first_line(text):
    return text.split("\n")[0]


def choices_or_source(command, argument):
    """The words an argument takes, or where they come from."""
    return (argument["choices"], None) if "choices" in argument else (None, source_of(command["name"], argument["name"]))


# --- bash

BASH_WORDS = {
    "files": 'compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word")',
    "folders": 'compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word")',
    "components": 'mapfile -t COMPREPLY < <(compgen -W "$(_weir_components)" -- "$word")',
    "nothing": "COMPREPLY=()",
}


def bash_value(command, option):
    value = option["value"]
    if "choices" in value:
        return bash_words(value["choices"])
    return BASH_WORDS[source_of(command, value["name"])]


def bash_words(words):
    return f'mapfile -t COMPREPLY < <(compgen -W "{" ".join(words)}" -- "$word")'


def bash_argument(command, argument):
    words, source = choices_or_source(command, argument)
    return bash_words(words) if words else BASH_WORDS[source]


def bash_arguments(table, command):
    """Completes the argument that is due; where there are several, by how many words stand before it."""
    arguments = command["arguments"]
    if len(arguments) < 2:
        return [f"      {bash_argument(command, arguments[0]) if arguments else BASH_WORDS['nothing']} ;;"]
    with_value = "|".join(name for option in options_of(table, command) if "value" in option for name in option["names"])
    lines = ["      for ((++i; i < COMP_CWORD; ++i)); do", '        case "${COMP_WORDS[i]}" in', f"          {with_value}) ((++i)) ;;", "          -*) ;;",
             "          *) ((++position)) ;;", "        esac", "      done", '      case "$position" in']
    lines += [f"        {number}) {bash_argument(command, argument)} ;;" for number, argument in enumerate(arguments)]
    return [*lines, "      esac ;;"]


def bash_command(table, command, label=""):
    lines = [f"    {label or command['name']})"]
    with_value = [option for option in options_of(table, command) if "value" in option]
    lines.append('      case "$before" in')
    for option in with_value:
        lines.append(f"        {' | '.join(option['names'])}) {bash_value(command['name'], option)}; return ;;")
    lines.append("      esac")
    names = " ".join(name for option in options_of(table, command) for name in option["names"])
    lines.append(f'      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "{names}" -- "$word"); return; fi')
    if command["commands"]:
        words = [each["name"] for each in command["commands"]]
        inner = [line for each in command["commands"] for line in bash_command(table, each, f"'{command['name']} {each['name']}'")]
        return [*lines, f"      {bash_words(words)} ;;", *inner]
    return lines + bash_arguments(table, command)


def bash_inner_command(table, command):
    """Finds the word behind a command that has commands; what may stand before it is a value of an option."""
    with_value = "|".join(name for option in options_of(table, command) if "value" in option for name in option["names"])
    return [f"  if [[ $command == {command['name']} ]]; then", "    for ((++i; i < COMP_CWORD; ++i)); do", '      case "${COMP_WORDS[i]}" in',
            f"        {with_value}) if [[ ${{COMP_WORDS[i + 1]}} == = ]]; then ((i += 2)); else ((++i)); fi ;;", "        -*) ;;",
            "        *) command+=\" ${COMP_WORDS[i]}\"; break ;;", "      esac", "    done", "  fi"]


def bash(table):
    with_value = "|".join(name for option in table["options"] if "value" in option for name in option["names"])
    top = " ".join([*(command["name"] for command in table["commands"]), *(name for option in table["options"] for name in option["names"])])
    lines = [f"# bash completion of weir. {HEAD}", "", "_weir_components() {", "  weir plugins 2>/dev/null | awk 'NR > 1 { print $2 }'", "}", "",
             "_weir() {", "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command='' position=0 i", "  COMPREPLY=()",
             "  # bash takes --option=value for three words.", "  if [[ $word == = ]]; then word=''; elif [[ $before == = ]]; then before=${COMP_WORDS[COMP_CWORD - 2]}; fi",
             "  for ((i = 1; i < COMP_CWORD; ++i)); do", '    case "${COMP_WORDS[i]}" in',
             f"      {with_value}) if [[ ${{COMP_WORDS[i + 1]}} == = ]]; then ((i += 2)); else ((++i)); fi ;;", "      -*) ;;",
             "      *) command=${COMP_WORDS[i]}; break ;;", "    esac", "  done"]
    for command in nested(table):
        lines += bash_inner_command(table, command)
    lines += ['  case "$command" in', "    '')", '      case "$before" in']
    for option in table["options"]:
        if "value" in option:
            lines.append(f"        {' | '.join(option['names'])}) {bash_value('', option)}; return ;;")
    lines += ["      esac", f'      mapfile -t COMPREPLY < <(compgen -W "{top}" -- "$word") ;;']
    for command in table["commands"]:
        lines += bash_command(table, command)
    return "\n".join([*lines, "  esac", "}", "", "complete -F _weir weir", ""])


# --- zsh

ZSH_WORDS = {"files": "_files", "folders": "_files -/", "components": "_weir_components", "nothing": " "}


def zsh_text(text):
    """Inside single quotes, in the part of a specification that brackets or colons would end."""
    return first_line(text).replace("\\", "\\\\").replace("'", "'\\''").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:")


def zsh_value(command, option):
    value = option["value"]
    words = f"({' '.join(value['choices'])})" if "choices" in value else ZSH_WORDS[source_of(command, value["name"])]
    return f":{value['name']}:{words}"


def zsh_options(command, options):
    for option in options:
        for name in option["names"]:
            others = "*" if option["repeats"] else f"({' '.join(option['names'])})"
            value = zsh_value(command, option) if "value" in option else ""
            yield f"'{others}{name}[{zsh_text(option['description'])}]{value}'"


def zsh_command(table, command):
    if command["commands"]:
        return [f"        {command['name']}) _weir_{command['name']} ;;"]
    specs = list(zsh_options(command["name"], options_of(table, command)))
    for number, argument in enumerate(command["arguments"], 1):
        words, source = choices_or_source(command, argument)
        specs.append(f"'{'*' if argument['repeats'] else number}:{argument['name']}:{'(' + ' '.join(words) + ')' if words else ZSH_WORDS[source]}'")
    return [f"        {command['name']})", "          _arguments -s \\"] + [f"            {spec} \\" for spec in specs[:-1]] + [f"            {specs[-1]} ;;"]


def zsh_function(table, name, command, options):
    """Completes the words behind something that has commands: the program, or one of its commands."""
    lines = [f"{name}() {{", "  local context state state_descr line", "  typeset -A opt_args", "  local -a commands", "  commands=("]
    lines += [f"    '{inner['name']}:{zsh_text(inner['description'])}'" for inner in command["commands"]]
    lines += ["  )", "  _arguments -C \\"]
    lines += [f"    {spec} \\" for spec in zsh_options(command["name"], options)]
    lines += ["    '1:command:->command' '*::argument:->argument'", '  case "$state" in', "    command) _describe command commands ;;",
              "    argument)", '      case "$words[1]" in']
    for inner in command["commands"]:
        lines += zsh_command(table, inner)
    return [*lines, "      esac ;;", "  esac", "}", ""]


def zsh(table):
    lines = ["#compdef weir", f"# zsh completion of weir. {HEAD}", "", "_weir_components() {", "  local -a names",
             "  names=(${(f)\"$(weir plugins 2>/dev/null | awk 'NR > 1 { print $2 }')\"})", "  compadd -a names", "}", ""]
    for command in nested(table):
        lines += zsh_function(table, f"_weir_{command['name']}", command, list(options_of(table, command)))
    lines += zsh_function(table, "_weir", table, table["options"])
    return "\n".join([*lines, '_weir "$@"', ""])


# --- fish

def fish_text(text):
    return "'" + first_line(text).replace("\\", "\\\\").replace("'", "\\'") + "'"


FISH_WORDS = {"files": " -F", "folders": " -xa '(__fish_complete_directories)'", "components": " -xa '(__weir_components)'", "nothing": " -x"}


def fish_value(command, option):
    if "value" not in option:
        return ""
    value = option["value"]
    if "choices" in value:
        return f" -xa '{' '.join(value['choices'])}'"
    words = FISH_WORDS[source_of(command, value["name"])]
    return " -r" + words if words == " -F" else words


def fish_option(condition, command, option):
    names = "".join(f" -l {name[2:]}" if name.startswith("--") else f" -s {name[1:]}" for name in option["names"])
    return f"complete -c weir{condition}{names}{fish_value(command, option)} -d {fish_text(option['description'])}"


def fish_command(table, command, parent=None):
    """Of a command, or of a command of a command."""
    name = command["name"]
    elsewhere = [each["name"] for each in nested(table) if any(inner["name"] == name for inner in each["commands"])]
    if parent:
        seen = f"__fish_seen_subcommand_from {parent['name']}"
        due = f"{seen}; and not __fish_seen_subcommand_from {' '.join(each['name'] for each in parent['commands'])}"
        here = f" -n '{seen}; and __fish_seen_subcommand_from {name}'"
    else:
        due = "__fish_use_subcommand"
        here = f" -n '__fish_seen_subcommand_from {name}" + "".join(f"; and not __fish_seen_subcommand_from {each}" for each in elsewhere) + "'"
    lines = ["", f"complete -c weir -n '{due}' -a {name} -d {fish_text(command['description'])}"]
    lines += [fish_option(here, name, option) for option in command["options"] if "--help" not in option["names"]]
    for number, argument in enumerate(command["arguments"], 3 if parent else 2):
        words, source = choices_or_source(command, argument)
        at = here if len(command["arguments"]) == 1 else here[:-1] + f"; and __fish_is_nth_token {number}'"
        if words:
            lines.append(f"complete -c weir{at} -xa '{' '.join(words)}'")
        elif source != "nothing":
            lines.append(f"complete -c weir{at}{FISH_WORDS[source]}")
    return lines + [line for inner in command["commands"] for line in fish_command(table, inner, command)]


def fish(table):
    lines = [f"# fish completion of weir. {HEAD}", "", "function __weir_components", "    weir plugins 2>/dev/null | awk 'NR > 1 { print $2 }'",
             "end", "", "complete -c weir -f"]
    lines += [fish_option("", "", option) for option in table["options"]]
    for command in table["commands"]:
        lines += fish_command(table, command)
    return "\n".join([*lines, ""])


def all_of(table):
    return {"weir.bash": bash(table), "_weir": zsh(table), "weir.fish": fish(table)}
