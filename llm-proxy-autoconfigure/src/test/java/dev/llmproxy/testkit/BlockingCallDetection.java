package dev.llmproxy.testkit;

import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;
import reactor.blockhound.BlockHound;

/**
 * Makes a call that blocks a thread of Reactor or Netty fail, in all tests. Only once
 * they are run: a build tool that looks for tests in its own JVM is not to be
 * instrumented.
 */
public final class BlockingCallDetection implements TestExecutionListener {

	@Override
	public void testPlanExecutionStarted(TestPlan plan) {
		BlockHound.install();
	}

}
