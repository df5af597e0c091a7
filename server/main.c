/* vitrine-server: the content server. */
#include <locale.h>
#include <signal.h>

#include "server/commands/commands.h"

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN); /* a peer that goes away is an error of write, not our end */
    setlocale(LC_CTYPE, "C.UTF-8");
    return commands_run(argc, argv);
}
