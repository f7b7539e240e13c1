package dev.firebreak.auth.oauth;

import dev.firebreak.auth.client.AssertionVerifier;
import dev.firebreak.auth.client.Clients;
import dev.firebreak.auth.grant.AuthorizationCodes;
import dev.firebreak.auth.grant.RefreshTokens;
import dev.firebreak.auth.platform.AuthProperties;
import dev.firebreak.auth.signing.TokenSigner;
import dev.firebreak.auth.trust.OwnTrust;
import dev.firebreak.contracts.token.Audiences;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.starter.FilterOrder;
import dev.firebreak.starter.ServiceIdentity;
import dev.firebreak.starter.authn.VerifierMetrics;
import dev.firebreak.starter.lane.LaneRule;
import dev.firebreak.starter.problem.ProblemPage;
import dev.firebreak.starter.problem.ProblemRenderer;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.VerifierPolicy;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;

/** What the endpoints are made of; {@link OAuthSecurity} puts them in order. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TokenLimitProperties.class)
class OAuthConfiguration {
    /** User info is asked seldom, once a sign-in: a small memory of verified tokens will do. */
    private static final int VERIFIED_TOKENS = 10_000;

    @Bean
    OAuthSettings oAuthSettings(ServiceIdentity identity, AuthProperties auth) {
        return new OAuthSettings(
                identity.issuer().toString(),
                Audiences.api(identity.publicOrigin().toString()),
                Audiences.ops(identity.publicOrigin().toString()),
                auth.accessTokenTtl());
    }

    @Bean
    AuthorizationServerSettings authorizationServerSettings(OAuthSettings settings) {
        return AuthorizationServerSettings.builder().issuer(settings.issuer()).build();
    }

    @Bean
    TokenMint tokenMint(TokenSigner signer, OAuthSettings settings, InstantSource clock) {
        return new TokenMint(signer, settings, clock);
    }

    @Bean
    TokenLimits tokenLimits(TokenLimitProperties properties, InstantSource clock, MeterRegistry metrics) {
        return new TokenLimits(properties, clock, metrics);
    }

    @Bean
    OAuthErrors oAuthErrors(ProblemRenderer problems, Optional<ProblemPage> page, RandomGenerator random) {
        return new OAuthErrors(problems, page, random);
    }

    @Bean
    FilterRegistrationBean<OAuthErrorFilter> oAuthErrorFilter(OAuthErrors errors) {
        FilterRegistrationBean<OAuthErrorFilter> registration =
                FilterOrder.register(new OAuthErrorFilter(errors), OAuthErrorFilter.ORDER);
        registration.addUrlPatterns("/oauth2/*");
        return registration;
    }

    @Bean
    FilterRegistrationBean<TokenFormFilter> tokenFormFilter(
            TokenLimitProperties limits, OAuthErrors errors, MeterRegistry metrics) {
        FilterRegistrationBean<TokenFormFilter> registration =
                FilterOrder.register(new TokenFormFilter(limits.formsAtOnce(), errors, metrics), TokenFormFilter.ORDER);
        registration.addUrlPatterns(OAuthSettings.TOKEN);
        return registration;
    }

    @Bean
    LaneRule laneRule() {
        return new LanesOfServer();
    }

    /** One manager for clients and grants: each provider takes one kind of token. */
    @Bean(defaultCandidate = false)
    ProviderManager tokenRequests(
            Clients clients,
            AssertionVerifier assertions,
            OAuthSettings settings,
            TokenLimits limits,
            AuthorizationCodes codes,
            RefreshTokens refreshTokens,
            TokenMint mint,
            TokenVerifier verifier) {
        return new ProviderManager(
                new ClientAuthentication(clients, assertions, settings.assertionAudiences(), limits),
                new CodeGrant(clients, codes, mint),
                new RefreshGrant(clients, refreshTokens, mint),
                new ClientCredentialsGrant(clients, mint, settings),
                new ExchangeGrant(clients, verifier, settings, mint),
                new Revocation(clients, refreshTokens));
    }

    @Bean
    VerifierMetrics ownVerifierMetrics(TokenVerifier verifier) {
        return new VerifierMetrics(verifier);
    }

    @Bean
    TokenVerifier ownTokenVerifier(OAuthSettings settings, OwnTrust trust, InstantSource clock) {
        return new TokenVerifier(
                new VerifierPolicy(settings.issuer(), settings.apiAudience(), Lifetimes.CLOCK_SKEW, VERIFIED_TOKENS),
                trust.source(),
                clock);
    }
}
