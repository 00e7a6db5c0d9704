/**
 * A real browser for tests of pages: Chromium without a window, told what to do by its
 * DevTools protocol. Start with {@link dev.llmproxy.server.browser.Chromium}.
 */
@NullMarked
package dev.llmproxy.server.browser;

import org.jspecify.annotations.NullMarked;
