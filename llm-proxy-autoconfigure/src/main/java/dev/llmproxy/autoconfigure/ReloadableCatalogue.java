package dev.llmproxy.autoconfigure;

import dev.llmproxy.provider.catalog.CatalogueReader;
import dev.llmproxy.provider.catalog.ModelCatalogue;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.Ordered;

/** What is known of models. */
final class ReloadableCatalogue implements Reloadable {

	private final ModelCatalogue shipped = CatalogueReader.shipped();

	private final ModelCatalogue first;

	private ConfiguredCatalogue current;

	ReloadableCatalogue(CatalogueProperties properties) {
		this.current = ConfiguredCatalogue.read(properties);
		this.first = this.current.over(this.shipped);
	}

	ModelCatalogue first() {
		return this.first;
	}

	@Override
	public String name() {
		return "catalogue";
	}

	/** How lists are kept does not change. */
	@Override
	public boolean owns(ConfigurationPropertyName property) {
		return KnownProperties.feature(property).equals("catalogue")
				&& !(property.getNumberOfElements() > 2 && property.getElement(2, Form.UNIFORM).equals("discovery"));
	}

	@Override
	public void prepare(Reload reload) {
		ConfiguredCatalogue next = ConfiguredCatalogue
			.read(reload.bind("llm-proxy.catalogue", CatalogueProperties.class));
		if (!next.equals(this.current)) {
			reload.put(this, ModelCatalogue.class, next.over(this.shipped), () -> this.current = next);
		}
	}

	/** Before the routes. */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
