package dev.llmproxy.server;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Makes what springdoc needs when somebody asks for the description of the API, and no
 * sooner: it is a good part of a start, and most servers are never asked.
 */
final class LateDocumentation implements BeanFactoryPostProcessor {

	private static final String PACKAGE = "org.springdoc.";

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory factory) {
		for (String name : factory.getBeanDefinitionNames()) {
			BeanDefinition definition = factory.getBeanDefinition(name);
			if (isSpringdoc(definition.getBeanClassName()) || isSpringdoc(definition.getFactoryBeanName())
					|| isSpringdoc(name)) {
				definition.setLazyInit(true);
			}
		}
	}

	private static boolean isSpringdoc(@Nullable String name) {
		return name != null && name.startsWith(PACKAGE);
	}

}
