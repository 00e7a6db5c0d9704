/**
 * A test kit that works at the level of sockets: scripted upstream servers, a raw HTTP
 * client and a fault-injecting TCP proxy, so that a test decides every byte and the
 * moment it is sent. It depends on the JDK, JUnit, AssertJ and Jackson only, never on the
 * code under test. Start reading at {@link dev.llmproxy.testkit.ScriptedUpstream} and
 * {@link dev.llmproxy.testkit.Script}.
 */
@NullMarked
package dev.llmproxy.testkit;

import org.jspecify.annotations.NullMarked;
