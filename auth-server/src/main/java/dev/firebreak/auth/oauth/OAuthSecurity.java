package dev.firebreak.auth.oauth;

import dev.firebreak.auth.client.Clients;
import dev.firebreak.auth.grant.AuthorizationCodes;
import dev.firebreak.contracts.token.Lifetimes;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationConsentService;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationValidator;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenGenerator;
import org.springframework.security.oauth2.server.authorization.web.OAuth2AuthorizationEndpointFilter;
import org.springframework.security.oauth2.server.authorization.web.OAuth2ClientAuthenticationFilter;
import org.springframework.security.oauth2.server.authorization.web.OAuth2TokenEndpointFilter;
import org.springframework.security.oauth2.server.authorization.web.OAuth2TokenRevocationEndpointFilter;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2AuthorizationCodeAuthenticationConverter;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2AuthorizationCodeRequestAuthenticationConverter;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2ClientCredentialsAuthenticationConverter;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2RefreshTokenAuthenticationConverter;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2TokenExchangeAuthenticationConverter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.DelegatingAuthenticationConverter;
import org.springframework.security.web.authentication.preauth.AbstractPreAuthenticatedProcessingFilter;
import org.springframework.security.web.context.NullSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * The security chains of the OAuth endpoints, put together from the framework's filters by hand. Its configurer would do it
 * in three lines, but also switch on endpoints that we do not have (introspection, device, logout), and keep OpenID sessions
 * in an HttpSession, which no node of ours may have.
 */
@Configuration(proxyBeanMethods = false)
class OAuthSecurity {
    private static final int CODE_BYTES = 32;

    /** Where a browser comes; the only path on which it matters who is signed in. */
    @Bean
    @Order(2)
    SecurityFilterChain authorizationChain(
            HttpSecurity http,
            AuthorizationServerSettings settings,
            SecurityContextRepository signedIn,
            AuthorizationEndpoint authorizationEndpoint) {
        return plain(http, OAuthSettings.AUTHORIZE)
                .securityContext(context -> context.securityContextRepository(signedIn))
                .addFilterAfter(new ServerContextFilter(settings), SecurityContextHolderFilter.class)
                .addFilterAfter(authorizationEndpoint.filter(), AuthorizationFilter.class)
                .build();
    }

    /** Where clients and verifiers come. No cookie is looked at, so that keys and metadata never need the database. */
    @Bean
    @Order(2)
    SecurityFilterChain clientChain(
            HttpSecurity http,
            @Qualifier("tokenRequests") ProviderManager tokenRequests,
            TokenLimits limits,
            OAuthErrors errors) {
        return plain(http, "/oauth2/**", "/.well-known/**", OAuthSettings.USER_INFO)
                .securityContext(context -> context.securityContextRepository(new NullSecurityContextRepository()))
                .addFilterAfter(
                        clientAuthentication(tokenRequests, limits, errors),
                        AbstractPreAuthenticatedProcessingFilter.class)
                .addFilterAfter(tokenEndpoint(tokenRequests, errors), AuthorizationFilter.class)
                .addFilterAfter(revocationEndpoint(tokenRequests, errors), AuthorizationFilter.class)
                .build();
    }

    private static HttpSecurity plain(HttpSecurity http, String... paths) {
        return http.securityMatcher(paths)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                // Nothing here acts on a cookie alone: the authorization endpoint only ever answers the registered
                // client.
                .csrf(AbstractHttpConfigurer::disable)
                // Each endpoint judges its own credentials.
                .authorizeHttpRequests(all -> all.anyRequest().permitAll());
    }

    private static OAuth2ClientAuthenticationFilter clientAuthentication(
            ProviderManager tokenRequests, TokenLimits limits, OAuthErrors errors) {
        PathPatternRequestMatcher.Builder paths = PathPatternRequestMatcher.withDefaults();
        RequestMatcher clientsOnly = new OrRequestMatcher(
                paths.matcher(HttpMethod.POST, OAuthSettings.TOKEN),
                paths.matcher(HttpMethod.POST, OAuthSettings.REVOKE));
        OAuth2ClientAuthenticationFilter filter = new OAuth2ClientAuthenticationFilter(tokenRequests, clientsOnly);
        filter.setAuthenticationConverter(new ClientCredentialConverter(limits));
        filter.setAuthenticationFailureHandler(errors);
        return filter;
    }

    private static OAuth2TokenEndpointFilter tokenEndpoint(ProviderManager tokenRequests, OAuthErrors errors) {
        OAuth2TokenEndpointFilter filter = new OAuth2TokenEndpointFilter(tokenRequests, OAuthSettings.TOKEN);
        filter.setAuthenticationConverter(new DelegatingAuthenticationConverter(List.of(
                new OAuth2RefreshTokenAuthenticationConverter(),
                new OAuth2AuthorizationCodeAuthenticationConverter(),
                new OAuth2ClientCredentialsAuthenticationConverter(),
                new OAuth2TokenExchangeAuthenticationConverter())));
        filter.setAuthenticationSuccessHandler(new TokenAnswerWriter());
        filter.setAuthenticationFailureHandler(errors);
        return filter;
    }

    private static OAuth2TokenRevocationEndpointFilter revocationEndpoint(
            ProviderManager tokenRequests, OAuthErrors errors) {
        OAuth2TokenRevocationEndpointFilter filter =
                new OAuth2TokenRevocationEndpointFilter(tokenRequests, OAuthSettings.REVOKE);
        filter.setAuthenticationFailureHandler(errors);
        return filter;
    }

    /** A filter as a bean would be run by the container too; only its chain may run this one. */
    record AuthorizationEndpoint(OAuth2AuthorizationEndpointFilter filter) {}

    @Bean
    AuthorizationEndpoint authorizationEndpoint(
            Clients clients,
            AuthorizationCodes codes,
            OAuthSettings settings,
            RequestCache signInRequests,
            OAuthErrors errors,
            TokenLimits limits,
            InstantSource clock) {
        OAuth2AuthorizationCodeRequestAuthenticationProvider rules =
                new OAuth2AuthorizationCodeRequestAuthenticationProvider(
                        clients, new CodeStore(codes), new InMemoryOAuth2AuthorizationConsentService());
        rules.setAuthorizationCodeGenerator(codeGenerator(clock));
        rules.setAuthenticationValidator(
                new OAuth2AuthorizationCodeRequestAuthenticationValidator().andThen(new AuthorizationRules(settings)));
        AuthorizeAnswers answers = new AuthorizeAnswers(settings, signInRequests, errors);
        OAuth2AuthorizationEndpointFilter filter = new OAuth2AuthorizationEndpointFilter(
                new ProviderManager(new AuthorizationRequests(rules, limits)), OAuthSettings.AUTHORIZE);
        filter.setAuthenticationConverter(new OAuth2AuthorizationCodeRequestAuthenticationConverter());
        filter.setAuthenticationSuccessHandler(answers);
        filter.setAuthenticationFailureHandler(answers);
        return new AuthorizationEndpoint(filter);
    }

    private static OAuth2TokenGenerator<OAuth2AuthorizationCode> codeGenerator(InstantSource clock) {
        SecureRandom random = new SecureRandom();
        return context -> {
            byte[] bytes = new byte[CODE_BYTES];
            random.nextBytes(bytes);
            Instant now = clock.instant();
            return new OAuth2AuthorizationCode(
                    Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
                    now,
                    now.plus(Lifetimes.AUTHORIZATION_CODE));
        };
    }
}
