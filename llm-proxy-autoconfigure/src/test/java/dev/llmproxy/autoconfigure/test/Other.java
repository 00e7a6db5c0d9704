package dev.llmproxy.autoconfigure.test;

import org.springframework.stereotype.Component;

/** Another component. */
@Component
class Other {

}
