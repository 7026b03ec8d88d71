"""Manual pages: of `weir` what is written by hand (packaging/man/weir.1.in) with the commands and options out of its command table; of a
small program its own help."""


def escaped(text):
    """Text for troff: its own characters, and a line that begins like a request."""
    lines = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "").split("\n")
    return "\n".join("\\&" + line if line.startswith((".", "'")) else line for line in lines)


def option_item(option):
    names = ", ".join(f"\\fB{escaped(name)}\\fR" for name in option["names"])
    value = option.get("value", {})
    shown = f" \\fI{value['name']}\\fR" if value else ""
    text = escaped(option["description"])
    if "default" in value:
        text += f" (default: {escaped(value['default'])})"
    return [".TP", names + shown, text + "."]


def argument_text(argument):
    shown = f"\\fI{argument['name']}\\fR" + ("..." if argument["repeats"] else "")
    return shown if argument["required"] else f"[{shown}]"


def command_items(command, parent=""):
    name = parent + command["name"]
    if command["commands"]:
        return [line for inner in command["commands"] for line in command_items(inner, f"{name} ")]
    synopsis = " ".join([f"\\fBweir {name}\\fR", "[\\fIoptions\\fR]", *map(argument_text, command["arguments"])])
    lines = [".SS " + synopsis, escaped(command["description"]) + "."]
    for argument in command["arguments"]:
        lines += [".TP", f"\\fI{argument['name']}\\fR", escaped(argument["description"]) + "."]
    for option in command["options"]:
        if "--help" not in option["names"]:
            lines += option_item(option)
    return lines


def page(table, frame):
    commands = [line for command in table["commands"] for line in command_items(command)]
    options = [line for option in table["options"] for line in option_item(option)]
    return frame.replace("@COMMANDS@\n", "\n".join([*commands, ""])).replace("@OPTIONS@\n", "\n".join([*options, ""]))


def help_page(name, summary, help_text):
    return "\n".join([f'.\\" Generated from `{name} --help` by ./dev docs; do not edit.', f'.TH {name.upper()} 1 "" "Weir" "User Commands"', ".SH NAME",
                      f"{escaped(name)} \\- {summary}", ".SH DESCRIPTION", ".nf", escaped(help_text.rstrip()), ".fi", ".SH SEE ALSO", "\\fBweir\\fR(1)", ""])
