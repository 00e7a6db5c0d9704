# Holds a listening socket, as systemd does for a socket unit, and passes it as descriptor 3
# to the processes it is told to start: one line of the standard input is one command for a
# shell. Says the port, and then the process of each command. Ends with its input; its
# processes do not.
use strict;
use warnings;
use Socket;

$| = 1;
# Descriptors up to this one are left open by exec.
$^F = 3;
socket(my $listener, PF_INET, SOCK_STREAM, 0) or die "socket: $!";
bind($listener, sockaddr_in(0, INADDR_LOOPBACK)) or die "bind: $!";
listen($listener, 1024) or die "listen: $!";
my ($port) = sockaddr_in(getsockname($listener));
print "$port\n";
$SIG{CHLD} = 'IGNORE';
while (defined(my $command = <STDIN>)) {
	chomp $command;
	my $pid = fork() // die "fork: $!";
	if ($pid == 0) {
		require POSIX;
		POSIX::dup2(fileno($listener), 3) // die "dup2: $!" if fileno($listener) != 3;
		@ENV{qw(LISTEN_FDS LISTEN_FDNAMES LISTEN_PID)} = (1, 'http', $$);
		exec 'sh', '-c', $command or die "exec: $!";
	}
	print "$pid\n";
}
