package dev.firebreak.auth.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * Stops the start at a key under {@code auth.} that no feature reads. A record on {@code auth} cannot do this by itself:
 * with {@code ignoreUnknownFields = false} it would refuse the keys of the records below it.
 */
final class StrictKeys implements SmartInitializingSingleton {
    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("auth");
    private static final List<String> OWN = List.of("clients-folder", "wrapping-key-file", "access-token-ttl");

    private final ListableBeanFactory beans;
    private final Environment environment;

    StrictKeys(ListableBeanFactory beans, Environment environment) {
        this.beans = beans;
        this.environment = environment;
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<ConfigurationPropertyName> known = knownNames();
        TreeSet<String> unknown = new TreeSet<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                iterable.stream()
                        .filter(ROOT::isAncestorOf)
                        .filter(name -> known.stream().noneMatch(k -> k.equals(name) || k.isAncestorOf(name)))
                        .forEach(name -> unknown.add(name.toString()));
            }
        }
        if (!unknown.isEmpty()) {
            throw new InvalidConfigurationPropertyValueException(
                    unknown.first(), null, "Unknown configuration keys: " + String.join(", ", unknown));
        }
    }

    private List<ConfigurationPropertyName> knownNames() {
        List<ConfigurationPropertyName> known = new ArrayList<>();
        OWN.forEach(name -> known.add(ROOT.append(name)));
        Map<String, Object> records = beans.getBeansWithAnnotation(ConfigurationProperties.class);
        for (String bean : records.keySet()) {
            ConfigurationProperties annotation = beans.findAnnotationOnBean(bean, ConfigurationProperties.class);
            if (annotation != null) {
                Stream.of(annotation.value(), annotation.prefix())
                        .filter(prefix -> prefix.startsWith("auth."))
                        .distinct()
                        .map(ConfigurationPropertyName::of)
                        .forEach(known::add);
            }
        }
        return known;
    }
}
