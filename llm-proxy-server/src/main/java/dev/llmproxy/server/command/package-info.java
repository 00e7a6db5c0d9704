/**
 * What the server's jar does beside serving: commands on the command line. None of it is
 * loaded where the server starts. It may use everything. Start with
 * {@link dev.llmproxy.server.command.Commands}.
 */
@NullMarked
package dev.llmproxy.server.command;

import org.jspecify.annotations.NullMarked;
