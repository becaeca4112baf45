//! The distribution in front, which is off by default: what the stack's template gives for it, and what `infra/edge.yaml` makes.

use serde_json::{Value, json};
use shared::browser::origin_secret::HEADER;

use super::deployment::{Deployment, REGION};

const EDGE: &str = "auth.example.com";

fn origins(deployment: &Deployment) -> Vec<String> {
    let functions = deployment.functions().into_iter();
    let origin = |(_, function): (String, Value)| {
        Some(function["Environment"]["Variables"]["SITE_ORIGIN"].as_str()?.to_owned())
    };
    functions.filter_map(origin).collect()
}

fn distribution() -> Value {
    let edge = Deployment::of("infra/edge.yaml")
        .and("EdgeDomainName", EDGE)
        .and("CertificateArn", "arn:aws:acm:us-east-1:123456789012:certificate/1")
        .and("ApiHost", "a1.execute-api.eu-west-1.amazonaws.com")
        .and("OriginSecret", "secret")
        .and("WebAclArn", "arn:aws:wafv2:us-east-1:123456789012:global/webacl/one/1");
    edge.properties("Distribution")["DistributionConfig"].clone()
}

#[test]
fn by_default_nothing_is_in_front_and_nobody_needs_a_secret() {
    let deployment = Deployment::read();

    assert!(deployment.of_type("AWS::CloudFront::Distribution").is_empty());
    for id in ["LoginUri", "CodeExchange"] {
        assert_eq!(deployment.properties(id)["Environment"]["Variables"]["ORIGIN_SECRET_HASHES"], "", "{id}");
    }
    assert_eq!(deployment.properties("HttpApi")["DisableExecuteApiEndpoint"], false);
    assert_eq!(Deployment::with("DomainName", EDGE).properties("HttpApi")["DisableExecuteApiEndpoint"], true);
}

#[test]
fn behind_a_distribution_every_address_is_the_distributions_and_the_api_stays_open_for_it() {
    for domain in ["", "api.example.com", EDGE] {
        let deployment = Deployment::with("EdgeDomainName", EDGE).and("DomainName", domain);

        assert_eq!(origins(&deployment), vec![format!("https://{EDGE}"); 5], "{domain}");
        assert_eq!(deployment.output("LoginUri"), format!("https://{EDGE}/login"));
        assert_eq!(deployment.output("RedirectUri"), format!("https://{EDGE}/callback"));
        assert_eq!(deployment.properties("HttpApi")["DisableExecuteApiEndpoint"], false, "{domain}");
        let host = deployment.output("ApiHost");
        assert!(host.as_str().unwrap().ends_with(&format!(".execute-api.{REGION}.amazonaws.com")), "{host}");
    }
}

#[test]
fn the_distribution_sends_the_secret_that_the_functions_read_and_nothing_in_the_clear() {
    let distribution = distribution();
    let origin = &distribution["Origins"][0];

    assert_eq!(origin["OriginCustomHeaders"], json!([{"HeaderName": HEADER, "HeaderValue": "secret"}]));
    assert_eq!(origin["DomainName"], "a1.execute-api.eu-west-1.amazonaws.com");
    assert_eq!(origin["CustomOriginConfig"]["OriginProtocolPolicy"], "https-only");
    assert_eq!(origin["CustomOriginConfig"]["OriginSSLProtocols"], json!(["TLSv1.2"]));
    assert_eq!(distribution["ViewerCertificate"]["MinimumProtocolVersion"], "TLSv1.2_2021");
    assert_eq!(distribution["Aliases"], json!([EDGE]));
    assert!(distribution["WebACLId"].as_str().unwrap().ends_with("/webacl/one/1"));
    assert!(
        distribution.get("Logging").is_none(),
        "standard logs have query strings, which codes and states are in"
    );
    let edge = Deployment::of("infra/edge.yaml");
    assert_eq!(edge.parameters()["OriginSecret"]["NoEcho"], true);
    assert!(
        edge.properties("Distribution")["DistributionConfig"].get("WebACLId").is_none(),
        "unless one is named"
    );
}

#[test]
fn the_distribution_keeps_no_page_and_leaves_out_nothing_that_the_functions_read() {
    let behaviour = distribution()["DefaultCacheBehavior"].clone();

    // AWS's CachingDisabled, and AllViewerExceptHostHeader: API Gateway finds the API by its own host.
    assert_eq!(behaviour["CachePolicyId"], "4135ea2d-6df8-44a3-9df3-4b5a84be39ad");
    assert_eq!(behaviour["OriginRequestPolicyId"], "b689b0a8-53d0-40ab-baf2-68738e2966ac");
    assert_eq!(behaviour["ViewerProtocolPolicy"], "redirect-to-https");
    for method in ["GET", "HEAD", "POST"] {
        assert!(behaviour["AllowedMethods"].as_array().unwrap().contains(&json!(method)), "{method}");
    }
    // Longer than API Gateway's 30 seconds: CloudFront would send a callback that has no answer yet a second time.
    let patience = &distribution()["Origins"][0]["CustomOriginConfig"]["OriginReadTimeout"];
    assert!(patience.as_u64().unwrap() > 30);
}
