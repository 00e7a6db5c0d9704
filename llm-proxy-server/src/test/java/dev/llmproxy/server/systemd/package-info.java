/** The server as a service of systemd, with a supervisor that the tests play. */
@NullMarked
package dev.llmproxy.server.systemd;

import org.jspecify.annotations.NullMarked;
