/* vitrine-server's subcommands: words on the command line to work done, reports on standard output,
 * errors on standard error in the reader's language. Exit codes: 0 done, 1 failed, 2 not
 * understood. */
#ifndef VITRINE_SERVER_COMMANDS_COMMANDS_H
#define VITRINE_SERVER_COMMANDS_COMMANDS_H

#define COMMAND_DONE 0
#define COMMAND_FAILED 1
#define COMMAND_MISUSED 2

/* argv as main has it. */
int commands_run(int argc, char **argv);

#endif
