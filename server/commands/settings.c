/* config: which settings hold, and the two texts that their table writes. */
#include "server/commands/internal.h"

int command_config(struct command *command)
{
    struct strbuf text;

    if (command->word_count != 0 || (command->options.example && command->options.reference))
        return command_misused(command, "config [--example | --reference]");
    strbuf_init(&text);
    if (command->options.example)
        config_example(command->lang, &text);
    else if (command->options.reference)
        config_reference(command->lang, &text);
    else
        config_print(&command->config, command->lang, &text);
    fputs(text.bytes, stdout);
    strbuf_finish(&text);
    return COMMAND_DONE;
}
