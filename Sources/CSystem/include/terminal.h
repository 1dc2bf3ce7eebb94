// A terminal that is drawn on: its window, its keys, and how it was found.
#ifndef TOLLBOOK_TERMINAL_H
#define TOLLBOOK_TERMINAL_H

// Takes the terminal of standard input and output: keys come one by one and unseen, and what is drawn leaves what
// stood there alone. Until `tb_terminal_leave`; signals that end the process, and faults, leave it too. 0, or -errno.
int tb_terminal_enter(void);
// Puts the terminal back as it was found. May be called at any time, and more than once.
void tb_terminal_leave(void);
// Leaves the terminal, stops the process as control-Z does, and takes the terminal again when it goes on.
void tb_terminal_suspend(void);
// Columns and lines of the window of standard output. 0, or -errno.
int tb_terminal_size(int *columns, int *lines);
// Waits for a key, up to `milliseconds`. Its byte; -1 when none came, or the window has another size; -2 when there
// will be none.
int tb_terminal_key(int milliseconds);
#endif
