package dev.firebreak.auth.egress;

import dev.firebreak.starter.ServiceIdentity;
import java.net.InetAddress;
import javax.net.ssl.SSLSocketFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires this module. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EgressProperties.class)
class EgressConfiguration {
    @Bean
    Egress egress(EgressProperties properties, ServiceIdentity identity) {
        try {
            return new Egress(
                    new AddressRules(properties.allowedNetworks().stream()
                            .map(Network::of)
                            .toList()),
                    identity.isLocal(),
                    properties.timeout(),
                    InetAddress::getAllByName,
                    (SSLSocketFactory) SSLSocketFactory.getDefault());
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationPropertyValueException(
                    "auth.egress.allowed-networks", properties.allowedNetworks(), e.getMessage());
        }
    }
}
