package dev.llmproxy.autoconfigure.test;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** An application with two components. */
@SpringBootApplication
class TestApp {

}
