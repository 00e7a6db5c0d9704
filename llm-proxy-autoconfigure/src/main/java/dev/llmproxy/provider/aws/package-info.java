/**
 * Signatures for Amazon Bedrock. It depends on {@code provider} and on the AWS SDK's
 * authentication, which is an optional library: nothing outside of this package may touch
 * it. Start with {@link dev.llmproxy.provider.aws.AwsSigV4Authenticator}.
 */
@NullMarked
package dev.llmproxy.provider.aws;

import org.jspecify.annotations.NullMarked;
