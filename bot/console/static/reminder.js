// Makes WeChat's own button for agreeing to a notice work on this page, and says in words what came of it.
(function () {
  "use strict";
  const page = document.getElementById("reminder");
  const button = document.getElementById("agree");
  const given = page.dataset;
  const told = document.getElementById("said");
  const say = (words) => { told.textContent = words; told.hidden = !words; };
  const FAILED = {
    10002: "网络不太好，请再点一次。",
    10003: "网络不太好，请再点一次。",
    20001: "这个提醒还没有设置好，请联系社区。",
    20004: "您在微信里关掉了通知。请打开公众号右上角的设置，允许接收通知，再来点一次。",
  };

  if (!window.wx || !/MicroMessenger/i.test(navigator.userAgent)) {
    say("这个按钮要在微信里打开才有。请把这一页的链接发到微信，在微信里点开。");
    return;
  }
  wx.config({
    debug: false,
    appId: given.app,
    timestamp: Number(given.timestamp),
    nonceStr: given.nonce,
    signature: given.signature,
    jsApiList: [],
    openTagList: ["wx-open-subscribe"],
  });
  wx.ready(() => say(""));
  wx.error(() => say("按钮没有准备好，请关掉这一页，再点一次链接。"));
  document.addEventListener("WeixinOpenTagsError", () => say("您的微信版本有点旧，更新微信后再来开启；不更新也能办事。"));
  button.addEventListener("success", (event) => {
    let status = "";
    try {
      status = JSON.parse(JSON.parse(event.detail.subscribeDetails)[given.template]).status;
    } catch (error) {
      status = "";
    }
    say(status === "accept" ? "好了，有消息会提醒您。可以关掉这一页了。" : "没有开启。想开的时候，再点一次就行。");
  });
  button.addEventListener("error", (event) => say(FAILED[event.detail.errCode] || "没有成功，请过一会儿再点一次。"));
})();
