#define _GNU_SOURCE
#include "terminal.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static struct termios found;
static volatile sig_atomic_t is_taken;

// Another screen, and no cursor; and back.
static const char enter[] = "\033[?1049h\033[?25l";
static const char leave[] = "\033[?25h\033[?1049l";

static void say(const char *text, size_t count) {
  while (count > 0) {
    ssize_t n = write(STDOUT_FILENO, text, count);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    text += n;
    count -= (size_t)n;
  }
}

// Only calls that a signal handler may make.
void tb_terminal_leave(void) {
  if (!is_taken) return;
  is_taken = 0;
  say(leave, sizeof leave - 1);
  tcsetattr(STDIN_FILENO, TCSANOW, &found);
}

// The signal's own effect comes after: it is as if nobody had caught it.
static void end(int number) {
  tb_terminal_leave();
  signal(number, SIG_DFL);
  raise(number);
}

static void notice(int number) { (void)number; }

static void take(void) {
  struct termios raw = found;
  raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
  raw.c_iflag &= ~(tcflag_t)(IXON | ICRNL);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  // Taken before it is changed: a signal in between puts back what was not changed, which does no harm.
  is_taken = 1;
  tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  say(enter, sizeof enter - 1);
}

int tb_terminal_enter(void) {
  if (!isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &found) != 0) return -(errno ? errno : ENOTTY);
  static const int ending[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE};
  struct sigaction action = {.sa_handler = end, .sa_flags = SA_RESETHAND | SA_NODEFER};
  sigemptyset(&action.sa_mask);
  // A parent may have left them blocked, and then nothing would end this process but its own keys.
  sigset_t heard;
  sigemptyset(&heard);
  for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
    sigaction(ending[i], &action, NULL);
    sigaddset(&heard, ending[i]);
  }
  sigprocmask(SIG_UNBLOCK, &heard, NULL);
  // Without SA_RESTART: a window of another size ends the wait for a key.
  struct sigaction resized = {.sa_handler = notice};
  sigemptyset(&resized.sa_mask);
  sigaction(SIGWINCH, &resized, NULL);
  take();
  return 0;
}

void tb_terminal_suspend(void) {
  tb_terminal_leave();
  raise(SIGTSTP);
  take();
}

int tb_terminal_size(int *columns, int *lines) {
  struct winsize size = {0};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return -errno;
  *columns = size.ws_col;
  *lines = size.ws_row;
  return 0;
}

int tb_terminal_key(int milliseconds) {
  struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
  int n = poll(&p, 1, milliseconds);
  if (n == 0 || (n < 0 && errno == EINTR)) return -1;
  unsigned char byte;
  ssize_t got = n < 0 ? -1 : read(STDIN_FILENO, &byte, 1);
  if (got < 0 && errno == EINTR) return -1;
  return got == 1 ? byte : -2;
}
