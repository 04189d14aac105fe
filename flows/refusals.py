"""What somebody reads in more than one place when what they pressed, sent or typed is not for them or not there."""

NO_STEP = "没有这一步，请刷新页面再试。"
NOT_YOURS = "这个按钮不是给您的，请看发给您自己的那条消息。"
NOT_YOUR_MATTER = "这件事不归您管，请让接下它的同事来办。"
TOO_MANY_GUESSES = "今天试的次数太多了，请明天再来，或者联系社区。"
